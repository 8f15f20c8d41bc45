import { readFile } from 'node:fs/promises'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { logger, None, parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { renderReport } from '../../lib/report/render-report.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { eventfulFixture } from '../report/eventful-fixture.ts'
import { inChromium, reportInChromium } from './chromium.ts'

const known = (all: readonly number[]) => all.filter((value) => !Number.isNaN(value))

inChromium('a report in Chromium', () => {
  const { url, complaints, newPage } = reportInChromium(async () =>
    renderReport(eventfulFixture(), { template: await loadTemplates() }),
  )
  let page: Page
  let requests: string[]

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    page = await newPage(options)
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`))
    page.on('request', (request) => requests.push(request.url()))
    await page.goto(url)
    if (options.javaScriptEnabled !== false) await page.locator('html[data-charts]').waitFor({ state: 'attached' })
    return page
  }
  beforeEach(() => {
    complaints.length = 0
    requests = []
  })
  afterEach(async () => {
    await page.context().close()
  })

  test('complains of nothing and asks for nothing but itself, light and dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await open({ colorScheme })
      await page.context().close()
    }
    expect(complaints).toEqual([])
    expect(requests).toEqual([url, url])
  })

  test('shows hostile text as text', async () => {
    await open()
    await page.locator('#method details').first().click()
    expect(await page.locator('#method .prompts').first().textContent()).toContain(
      '</script><script>alert(1)</script> safe\\u202etxt.exe\\u2066',
    )
    expect(await page.locator('script:not([type])').count()).toBe(2)
    expect(complaints).toEqual([])
  })

  test('draws its charts again, so that a mark says what it is', async () => {
    await open()
    const figures = await page.locator('figure').count()
    expect(await page.locator('html').getAttribute('data-charts')).toBe(String(figures))
    await page.locator('#answer .mark-symbol path').last().hover({ force: true })
    const tip = page.locator('#tip')
    expect(await tip.isVisible()).toBe(true)
    expect(await tip.textContent()).toMatch(/^random-50m · q4_0 · 2 threads · decode\ndecode 684 tokens\/s$/)
    await page.mouse.move(5, 5)
    expect(await tip.isVisible()).toBe(false)
  })

  test('marks an arm everywhere, from the key, from the table and from a chart', async () => {
    await open()
    const faintMarks = page.locator('figure path[opacity="0.15"], figure path[opacity="0.08"]')
    const faintRows = page.locator('.matrix tr.faint')
    await page.locator('#answer .key button', { hasText: 'q4_0' }).click()
    expect(await faintRows.count()).toBe(10)
    expect(await faintMarks.count()).toBeGreaterThan(10)
    expect(await page.locator('#answer figure tr.faint').count()).toBe(4)
    expect(await page.locator('[role="status"]').textContent()).toBe('Marked everywhere: q4_0')
    await page.keyboard.press('Escape')
    expect([await faintRows.count(), await faintMarks.count()]).toEqual([0, 0])
    expect(await page.locator('[role="status"]').textContent()).toBe('Nothing is marked')
    await page.locator('.matrix .choose').first().press('Enter')
    expect(await faintRows.count()).toBe(13)
    expect(await page.locator('#chosen').textContent()).toBe('Marked everywhere: demo · f16 · 1 threadClear (Esc)')
    await page.locator('#chosen button').click()
    await page.locator('#answer .mark-symbol path').last().click({ force: true })
    expect(await page.locator('.matrix .choose[aria-pressed="true"]').count()).toBe(1)
    expect(complaints).toEqual([])
  })

  test('sorts by any column: up, down, back; what is missing comes last', async () => {
    await open()
    const sort = page.getByRole('button', { name: 'Sort by perplexity' })
    const head = page.locator('.matrix thead th', { has: sort })
    const values = () =>
      page
        .locator('.matrix tbody td[data-column="perplexity-perplexity"]')
        .evaluateAll((cells) =>
          cells.map((cell) => Number(cell.querySelector('data')?.getAttribute('value') ?? Number.NaN)),
        )
    const order = await values()
    await sort.press('Enter')
    expect(await head.getAttribute('aria-sort')).toBe('ascending')
    const ascending = await values()
    expect(ascending.slice(0, 4)).toEqual(known(order).toSorted((a, b) => a - b))
    await sort.press('Enter')
    expect(await head.getAttribute('aria-sort')).toBe('descending')
    expect((await values()).slice(0, 4)).toEqual(known(order).toSorted((a, b) => b - a))
    await sort.press('Enter')
    expect(await head.getAttribute('aria-sort')).toBe(null)
    expect(await values()).toEqual(order)
  })

  test('filters by axis, says how many cells are left, and chooses metrics', async () => {
    await open()
    const model = page.locator('.tools select[aria-label="model"]')
    expect(await model.locator('option').allTextContents()).toEqual(['model: all', 'demo (12)', 'random-50m (6)'])
    await model.selectOption('demo')
    expect(await page.locator('.matrix tbody tr:visible').count()).toBe(8)
    expect(await page.locator('.tools .count').textContent()).toBe('cells: 12 of 18')
    const threads = page.locator('.tools select[aria-label="backend.threads"]')
    expect(await threads.locator('option').allTextContents()).toEqual(['backend.threads: all', '1 (8)', '2 (4)'])
    await page.getByRole('button', { name: 'Show all' }).click()
    expect(await page.locator('.matrix tbody tr:visible').count()).toBe(14)
    await page.locator('.tools summary').click()
    await page.getByLabel('E2E', { exact: true }).check()
    expect(await page.locator('.matrix thead th[data-column="completion-e2e_ms"]').isVisible()).toBe(true)
  })

  test('opens a row to its trials and a trial to its requests, where the row stands and by keyboard', async () => {
    await open()
    const row = page.locator('.matrix tbody tr[data-cells]').nth(1)
    const opener = row.locator('.open')
    await opener.press('Enter')
    expect(await opener.getAttribute('aria-expanded')).toBe('true')
    const below = page.locator(`#${await opener.getAttribute('aria-controls')}`)
    await below.locator('.trial summary').press('Enter')
    expect(await below.locator('.trial tbody tr:visible').count()).toBe(6)
    expect(await row.evaluate((node) => node.nextElementSibling?.id)).toBe(await below.getAttribute('id'))
    await page.getByRole('button', { name: 'Sort by decode' }).press('Enter')
    expect(await row.evaluate((node) => node.nextElementSibling?.className)).toBe('below')
    await page.locator('.tools select[aria-label="backend.threads"]').selectOption('1')
    expect(await below.isVisible()).toBe(false)
  })

  test('copies what is shown of the matrix', async () => {
    await open({ permissions: ['clipboard-read', 'clipboard-write'] })
    await page.locator('.tools select[aria-label="backend.threads"]').selectOption('2')
    await page.getByRole('button', { name: 'Copy as CSV' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    const copied = (await page.evaluate<string>('navigator.clipboard.readText()')).split('\n')
    expect(copied[0]).toBe('quantization,model,backend.threads,decode tokens/s,TTFT ms,peak PSS MiB,load ms,perplexity')
    expect(copied).toHaveLength(8)
    expect(copied[1]).toMatch(/^f16,demo,2,4461\.\d+,/)
    await page.getByRole('button', { name: 'Copy as CSV' }).waitFor()
    await page.getByRole('button', { name: 'Sort by quantization' }).click()
    await page.getByRole('button', { name: 'Copy as Markdown' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    const markdown = (await page.evaluate<string>('navigator.clipboard.readText()')).split('\n')
    expect(markdown.slice(0, 2)).toEqual([
      '| quantization | model | backend.threads | decode tokens/s | TTFT ms | peak PSS MiB | load ms | perplexity |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ])
    expect(markdown[2]).toMatch(/^\| f16 \| demo \| 2 \|/)
  })

  test('leads from a number to its samples, however deep they are folded', async () => {
    await open()
    await page.locator('.matrix tbody tr', { hasText: 'random-50m' }).first().locator('td a').first().click()
    const target = page.locator('.below .inside:target')
    expect(await target.isVisible()).toBe(true)
    await target.locator('.trial summary').first().click()
    expect(await target.locator('pre').first().textContent()).toMatch(/^benchbook query "SELECT \* FROM v_request/)
  })

  test('without scripts is complete: charts are pictures, numbers are there', async () => {
    await open({ javaScriptEnabled: false })
    expect(await page.locator('figure svg.marks').count()).toBe(await page.locator('figure').count())
    expect(await page.locator('.matrix data:visible').count()).toBeGreaterThan(50)
    expect(await page.locator('.matrix button').count()).toBe(0)
    expect(await page.locator('#samples .trial').count()).toBe(18)
  })

  test('gives its data as files', async () => {
    await open()
    for (const name of ['quickstart.csv', 'quickstart.json']) {
      const link = page.locator(`a[download="${name}"]`)
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
      expect(download.suggestedFilename()).toBe(name)
      expect(await readFile(await download.path(), 'utf8')).toContain('decode_tps')
    }
    expect(complaints).toEqual([])
  })

  test('gives each chart as Vega-Lite, complete by itself, and as a picture', async () => {
    await open()
    const saved = async (name: string) => {
      const button = page.locator('#answer .chart-tools').getByRole('button', { name, exact: true })
      const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
      return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') }
    }
    const lite = await saved('Vega-Lite')
    expect(lite.name).toBe('decode_tps-2.vl.json')
    expect(lite.text).not.toMatch(/currentColor|var\(/)
    const spec = JSON.parse(lite.text) as TopLevelSpec
    expect(spec).toMatchObject({
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      title: { text: await page.locator('#answer figcaption strong').textContent() },
    })
    const view = new View(parse(compile(spec, { logger: logger(None) }).spec), { renderer: 'none' })
    expect(await view.toSVG()).toContain('#0072b2')
    const svg = await saved('SVG')
    expect(svg.name).toBe('decode_tps-2.svg')
    expect(svg.text).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/)
    expect(svg.text).not.toMatch(/currentColor|var\(/)
    expect(requests).toEqual([url])
    expect(complaints).toEqual([])
  })
})
