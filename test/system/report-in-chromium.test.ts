import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { renderReport } from '../../lib/report/render-report.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { eventfulFixture } from '../report/eventful-fixture.ts'

const executablePath = '/usr/bin/chromium'
// In CI a missing browser is a failure, elsewhere a skip.
const inChromium = describe.skipIf(!existsSync(executablePath) && process.env['CI'] === undefined)
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

inChromium('a report in Chromium', () => {
  let folder: string
  let url: string
  let browser: Browser
  let page: Page
  let complaints: string[]
  let requests: string[]

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'report-'))
    const file = join(folder, 'report.html')
    await writeFile(file, await renderReport(eventfulFixture(), { template: await loadTemplates() }))
    url = pathToFileURL(file).href
    browser = await chromium.launch({ executablePath, args })
  })
  afterAll(async () => {
    await browser.close()
    await rm(folder, { recursive: true })
  })

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1180, height: 900 }, ...options })
    page = await context.newPage()
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`))
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`))
    page.on('request', (request) => requests.push(request.url()))
    await page.goto(url)
    if (options.javaScriptEnabled !== false) await page.locator('html[data-charts]').waitFor({ state: 'attached' })
    return page
  }
  beforeEach(() => {
    complaints = []
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
    await page.keyboard.press('Escape')
    expect([await faintRows.count(), await faintMarks.count()]).toEqual([0, 0])
    await page.locator('.matrix tbody th button').first().click()
    expect(await faintRows.count()).toBe(13)
    await page.locator('.matrix tbody th button').first().click()
    await page.locator('#answer .mark-symbol path').last().click({ force: true })
    expect(await page.locator('.matrix tbody th button[aria-pressed="true"]').count()).toBe(1)
    expect(complaints).toEqual([])
  })

  test('sorts, filters and chooses metrics', async () => {
    await open()
    const speeds = () => page.locator('.matrix tbody td[data-column="completion-decode_tps"] data').allTextContents()
    await page.locator('.matrix thead th', { hasText: 'decode' }).hover()
    await page.locator('.matrix thead button[aria-label="sort by decode"]').click()
    const ascending = (await speeds()).map((text) => Number(text.replaceAll('\u202f', '')))
    expect(ascending).toEqual(ascending.toSorted((a, b) => a - b))
    await page.locator('.tools select[aria-label="model"]').selectOption('demo')
    expect(await page.locator('.matrix tbody tr:visible').count()).toBe(8)
    await page.locator('.tools summary').click()
    await page.getByLabel('E2E', { exact: true }).check()
    expect(await page.locator('.matrix thead th[data-column="completion-e2e_ms"]').isVisible()).toBe(true)
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
  })

  test('leads from a number to its samples, however deep they are folded', async () => {
    await open()
    await page.locator('.matrix tbody tr', { hasText: 'random-50m' }).first().locator('td a').first().click()
    const target = page.locator('#samples .inside:target')
    expect(await target.isVisible()).toBe(true)
    expect(await target.locator('pre').first().textContent()).toMatch(/^benchbook query "SELECT \* FROM v_request/)
  })

  test('reads in one column at 360 px: only tables and charts scroll', async () => {
    await open({ viewport: { width: 360, height: 740 } })
    const wide = await page.evaluate('document.documentElement.scrollWidth')
    expect(wide).toBe(360)
    const charts = await page
      .locator('.plot')
      .evaluateAll((plots) => plots.map((plot) => plot.scrollWidth - plot.clientWidth))
    expect(Math.max(...charts)).toBe(0)
  })

  test('without scripts is complete: charts are pictures, numbers are there', async () => {
    await open({ javaScriptEnabled: false })
    expect(await page.locator('figure svg.marks').count()).toBe(await page.locator('figure').count())
    expect(await page.locator('.matrix data:visible').count()).toBeGreaterThan(50)
    expect(await page.locator('.matrix button').count()).toBe(0)
  })

  test('prints with nothing cut', async () => {
    await open()
    await page.emulateMedia({ media: 'print' })
    await page.setViewportSize({ width: 670, height: 950 })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(670)
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-')
  })

  test('gives its data as files', async () => {
    await open()
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('a[download$=".csv"]').click()])
    expect(download.suggestedFilename()).toBe('quickstart.csv')
    expect(complaints).toEqual([])
  })
})
