import { existsSync, mkdtempSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe } from 'vitest'

const executablePath = '/usr/bin/chromium'
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** In CI a missing browser is a failure, elsewhere a skip. */
export const inChromium = describe.skipIf(!existsSync(executablePath) && process.env['CI'] === undefined)

/** How people look at a page: by name, and what Chromium is told. */
export const looks: readonly [string, BrowserContextOptions][] = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['a phone', { viewport: { width: 360, height: 740 } }],
]

export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath, args })
}

/** A report in a folder of its own, written before the tests of a suite, and a browser to open it in; both are gone after them. */
export function reportInChromium(html: () => Promise<string>) {
  const folder = mkdtempSync(join(tmpdir(), 'report-'))
  const file = join(folder, 'report.html')
  const url = pathToFileURL(file).href
  let browser: Browser
  beforeAll(async () => {
    await writeFile(file, await html())
    browser = await startChromium()
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await rm(folder, { recursive: true })
  })
  /** Errors and dialogs of all pages. */
  const complaints: string[] = []
  async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1180, height: 900 }, ...options })
    const page = await context.newPage()
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`))
    return page
  }
  /** The report as it is when its charts are drawn, closed afterwards. */
  async function opened(options: BrowserContextOptions, use: (page: Page) => Promise<void>): Promise<void> {
    const page = await newPage(options)
    try {
      await page.goto(url)
      await page.locator('html[data-charts]').waitFor({ state: 'attached' })
      await use(page)
    } finally {
      await page.context().close()
    }
  }
  return { folder, url, complaints, newPage, opened }
}
