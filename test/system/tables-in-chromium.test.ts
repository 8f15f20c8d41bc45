import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { renderReport } from '../../lib/report/render-report.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { armsFixture } from '../report/arms-fixture.ts'
import { inChromium, reportInChromium, looks } from './chromium.ts'

const axe = createRequire(import.meta.url).resolve('axe-core')

const table = (page: Page, name: string) => page.getByRole('region', { name, exact: true }).locator('table')

inChromium('tables of arms', () => {
  const { opened, complaints } = reportInChromium(async () =>
    renderReport(armsFixture(), { template: await loadTemplates() }),
  )

  test('are sorted by keyboard: up, down, back; what is missing comes last', async () => {
    await opened({}, async (page) => {
      const time = table(page, 'Time')
      const sort = time.getByRole('button', { name: 'Sort by short' })
      const texts = () => time.locator('tbody td:nth-child(2)').evaluateAll((all) => all.map((cell) => cell.innerText))
      expect(await texts()).toEqual(['3.00', '2.00', '1.00', '–'])
      await sort.press('Enter')
      expect(await time.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('ascending')
      expect(await texts()).toEqual(['1.00', '2.00', '3.00', '–'])
      await sort.press('Enter')
      expect(await texts()).toEqual(['3.00', '2.00', '1.00', '–'])
      await sort.press('Enter')
      expect(await time.locator('th[aria-sort]').count()).toBe(0)
    })
  })

  test('mark an arm everywhere, and lead from a number to its samples', async () => {
    await opened({}, async (page) => {
      const [time, side] = [table(page, 'Time'), table(page, 'Side by side')]
      await time.locator('.choose').first().press('Enter')
      for (const each of [time, side, table(page, 'Answers')]) expect(await each.locator('tr.faint').count()).toBe(3)
      await page.keyboard.press('Escape')
      expect(await time.locator('tr.faint').count()).toBe(0)
      const link = table(page, 'Speed').locator('tbody tr').first().locator('td a').last()
      await link.click()
      expect(await page.locator('.inside:target').textContent()).toContain('perplexity')
    })
  })

  test('say in words why a value is missing, and where answers differ, hostile or not', async () => {
    await opened({}, async (page) => {
      const reasons = await table(page, 'Time')
        .locator('.missing')
        .evaluateAll((all) => all.map((cell) => cell.getAttribute('aria-label')))
      expect(reasons).toEqual([
        '4 of 4 requests failed',
        'not every prompt was answered',
        'failed: out of memory',
        'failed: out of memory',
        'not every prompt was answered',
      ])
      expect(await table(page, 'Answers').locator('tbody tr').nth(1).locator('td').first().innerText()).toBe(
        'from character 2\n“<b>\\u202e” for “bc”',
      )
      expect(await table(page, 'Time').locator('thead').innerText()).toContain('<img src=x onerror=alert(1)>')
      expect(complaints).toEqual([])
    })
  })

  test('set off the speed that engine and client disagree on', async () => {
    await opened({}, async (page) => {
      expect(await table(page, 'Client and engine').locator('td.differs').allTextContents()).toEqual(['0.909'])
    })
  })

  test.each(looks)('on %s axe finds nothing serious in them', async (_, options) => {
    await opened({ ...options, bypassCSP: true }, async (page) => {
      await page.addScriptTag({ path: axe })
      const { violations } = await page.evaluate<AxeResults>(
        "axe.run({ include: [['#engines'], ['#prompts']] }, { resultTypes: ['violations'] })",
      )
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(options.viewport?.width ?? 1180)
    })
  })

  // Narrower than a page, as columns may be more and figures longer than here.
  test('are whole on paper', async () => {
    await opened({}, async (page) => {
      await page.emulateMedia({ media: 'print' })
      await page.setViewportSize({ width: 560, height: 950 })
      const cut = await page
        .locator('.sorted td')
        .evaluateAll((all) =>
          all.filter((cell) => cell.getBoundingClientRect().right > 561).map((cell) => cell.innerText),
        )
      expect(cut).toEqual([])
    })
  })
})
