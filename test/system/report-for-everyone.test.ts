import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { renderIndex } from '../../lib/report/render-index.ts'
import { renderReport } from '../../lib/report/render-report.ts'
import { summaryIn } from '../../lib/report/summary.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { eventfulFixture } from '../report/eventful-fixture.ts'
import { inChromium, reportInChromium, looks } from './chromium.ts'

const axe = createRequire(import.meta.url).resolve('axe-core')

inChromium('a report for those who read it otherwise', () => {
  const { folder, newPage, opened } = reportInChromium(async () => {
    const html = await renderReport(eventfulFixture({ blocks: 2 }), { template: await loadTemplates() })
    const summary = summaryIn(html)
    const reports = ['report', 'other'].map((name, n) => ({
      file: `${name}.html`,
      summary: summary && { ...summary, title: `The ${name} one`, atMs: n },
    }))
    await writeFile(index, await renderIndex({ reports, plans: [] }, { template: await loadTemplates() }))
    return html
  })
  const index = join(folder, 'index.html')

  test.each(looks)(
    'on %s axe finds nothing serious, closed or open',
    async (_, options) => {
      await opened({ ...options, bypassCSP: true }, async (page) => {
        await page.addScriptTag({ path: axe })
        expect(await violations(page)).toEqual([])
        await page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        await page.getByRole('button', { name: 'Open all rows' }).click()
        expect(await violations(page)).toEqual([])
      })
    },
    60_000,
  )

  test('begins with a way past its head, and the keyboard reaches what can be pressed, in the order of the page', async () => {
    await opened({}, async (page) => {
      await page.keyboard.press('Tab')
      expect(await focused(page)).toBe('Skip to the answer')
      expect(await page.locator('.skip').evaluate((link) => link.getBoundingClientRect().top)).toBeGreaterThanOrEqual(0)
      const tops: number[] = []
      for (let step = 0; step < 30; step += 1) {
        await page.keyboard.press('Tab')
        tops.push(await page.evaluate<number>('document.activeElement.getBoundingClientRect().top + scrollY'))
        const outline = await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle')
        expect(outline, await focused(page)).not.toBe('none')
      }
      const jumpsBack = tops.filter((top, at) => at > 0 && top < (tops[at - 1] ?? 0) - 60)
      expect(jumpsBack).toEqual([])
    })
  })

  test('prints with nothing cut, and what is closed but matters open', async () => {
    await opened({}, async (page) => {
      const closed = page.locator('details.printed:not([open]) pre').first()
      expect(await closed.isVisible()).toBe(false)
      await page.emulateMedia({ media: 'print' })
      await page.setViewportSize({ width: 670, height: 950 })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(670)
      expect(await closed.isVisible()).toBe(true)
      const cut = await page
        .locator('figure svg.marks, .matrix, .matrix td, .facts dd, pre')
        .evaluateAll((nodes) =>
          nodes.filter((node) => node.getBoundingClientRect().right > 671).map((node) => node.outerHTML),
        )
      expect(cut).toEqual([])
      const pdf = await page.pdf({ preferCSSPageSize: true })
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
      expect(pdf.toString('latin1')).toMatch(/\/MediaBox \[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/)
    })
  })

  test('an index is searched, put in order and leads to its reports', async () => {
    const page = await newPage({ bypassCSP: true, viewport: { width: 360, height: 740 } })
    await page.goto(pathToFileURL(index).href)
    const titles = () => page.locator('.reports > li:visible h2').allTextContents()
    expect(await titles()).toEqual(['The other one', 'The report one'])
    await page.getByLabel('Order').selectOption('earliest first')
    expect(await titles()).toEqual(['The report one', 'The other one'])
    await page.getByLabel('Search').fill('OTHER quantizing')
    expect(await titles()).toEqual([])
    await page.getByLabel('Search').fill('the REPORT')
    expect(await titles()).toEqual(['The report one'])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    await page.addScriptTag({ path: axe })
    expect(await violations(page)).toEqual([])
    await page.getByRole('link', { name: 'The report one' }).click()
    await page.locator('html[data-charts]').waitFor({ state: 'attached' })
    await page.context().close()
  })

  test('at 360 px nothing but tables and charts scrolls sideways, open rows included', async () => {
    await opened({ viewport: { width: 360, height: 740 } }, async (page) => {
      await page.getByRole('button', { name: 'Open all rows' }).click()
      await page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
      const plots = await page
        .locator('.plot')
        .evaluateAll((all) => all.map((plot) => plot.scrollWidth - plot.clientWidth))
      expect(Math.max(...plots)).toBe(0)
    })
  })
})

/** What axe calls serious or critical, and where. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await page.evaluate<AxeResults>("axe.run(document, { resultTypes: ['violations'] })")
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
    )
}

const focused = (page: Page) => page.evaluate<string>('document.activeElement.textContent.trim()')
