import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Checkout } from './checkout.ts'
import { startChromium } from './chromium.ts'
import { clearOutputs, readNotebook, writeNotebook } from './notebook-file.ts'

const token = 'only-on-this-machine'
const patienceMs = 60_000
let checkout: Checkout
let server: ChildProcess
let browser: Browser
let address: string

beforeAll(async () => {
  checkout = new Checkout()
  // All cells in the page, also those that are scrolled away.
  const settings = checkout.settings('@jupyterlab/notebook-extension/tracker.jupyterlab-settings')
  mkdirSync(dirname(settings), { recursive: true })
  writeFileSync(settings, '{ "windowingMode": "none" }')
  const options = ['--no-browser', '--ip=127.0.0.1', '--port=0', '--allow-root', `--IdentityProvider.token=${token}`]
  server = checkout.start('notebook', 'start', '--', ...options)
  address = await addressOf(server)
  browser = await startChromium()
}, patienceMs)

/** Where the server says that it listens. */
async function addressOf({ stderr }: ChildProcess): Promise<string> {
  const said: string[] = []
  for await (const line of createInterface({ input: stderr as Readable })) {
    said.push(line)
    const found = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(line)?.[0]
    if (found === undefined) continue
    stderr?.resume()
    return found
  }
  throw new Error(`JupyterLab did not start:\n${said.join('\n')}`)
}

afterAll(async () => {
  await browser?.close()
  if (server?.exitCode === null && server.kill('SIGTERM')) await once(server, 'exit')
  checkout?.[Symbol.dispose]()
}, 60_000)

/** Opens a notebook whose kernel is ready. */
async function opened(file: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  page.setDefaultTimeout(patienceMs)
  await page.goto(`${address}/lab/tree/${file}?token=${token}&reset`)
  await page.locator('.jp-NotebookPanel .jp-Notebook .jp-CodeCell').first().waitFor()
  await idle(page) // before that, cells are refused
  return page
}

const idle = (page: Page) => page.locator('#jp-main-statusbar').getByText('TypeScript | Idle').waitFor()
const codeCell = (page: Page, at: number) => page.locator('.jp-NotebookPanel .jp-CodeCell').nth(at)
/** Waits until a cell has run. */
const ran = (cell: Locator) =>
  cell
    .locator('.jp-InputPrompt')
    .filter({ hasText: /\[\d+\]/ })
    .waitFor()

async function runCell(page: Page, at: number): Promise<Locator> {
  const cell = codeCell(page, at)
  await cell.locator('.cm-content').click()
  await page.keyboard.press('Shift+Enter')
  return cell
}

test('in JupyterLab "run all" of 02 shows every chart, drawn by Vega, and no error', async () => {
  const file = 'notebooks/02-explore-a-store.ipynb'
  clearOutputs(checkout.at(file))
  const page = await opened(file)
  expect(await page.locator('.jp-OutputArea-output').count()).toBe(0)
  await page.getByRole('menuitem', { name: 'Run', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Run All Cells', exact: true }).click()
  const cells = readNotebook(checkout.at(file)).cells.filter(({ cell_type }) => cell_type === 'code')
  for (const at of cells.keys()) await ran(codeCell(page, at))
  const charts = page.locator('.jp-RenderedVegaLite')
  await expect.poll(() => charts.locator('canvas, svg.marks').count(), { timeout: 30_000 }).toBeGreaterThanOrEqual(6)
  expect(await charts.count()).toBe(await charts.filter({ has: page.locator('canvas, svg.marks') }).count())
  for (const chart of await charts.all()) {
    const box = await chart.locator('canvas, svg.marks').first().boundingBox()
    expect(box?.width).toBeGreaterThan(200)
    expect(box?.height).toBeGreaterThan(60)
  }
  expect(await page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').allInnerTexts()).toEqual([])
  expect(await page.locator('[data-mime-type="application/vnd.jupyter.error"]').count()).toBe(0)
  if (process.env['BENCHBOOK_SHOTS']) await shoot(page)
  await page.close()
})

async function shoot(page: Page): Promise<void> {
  for (const [at, output] of (await page.locator('.jp-OutputArea-output').all()).entries())
    await output.screenshot({ path: `${process.env['BENCHBOOK_SHOTS']}/output-${at}.png` })
}

const long = `name: long
axes: { model: [random-5m], quantization: [q4_0], workload: [decode, bench] }
load: { requests: 12 }
repeat: { blocks: 2 }
`

test('interrupting a run from a cell leaves a live kernel and a session that is resumed', async () => {
  const file = 'notebooks/interrupted.ipynb'
  writeFileSync(checkout.at('experiments/my-long.yaml'), long)
  writeNotebook(
    checkout.at(file),
    "import { resume, run } from '../dist/notebook/index.js'", // of a cell that is interrupted the kernel forgets it
    "await run('experiments/my-long.yaml')",
    '20 + 22',
    "(await resume('latest')).status",
  )
  const page = await opened(file)
  await ran(await runCell(page, 0))
  const first = await runCell(page, 1)
  await first.getByText(/[1-3] of 4 trials/).waitFor()
  await page.locator('.jp-NotebookPanel [data-jp-item-name="interrupt"]').locator('button, jp-button').first().click()
  const told = first.locator('[data-mime-type="application/vnd.jupyter.stderr"]')
  await told.waitFor()
  expect((await told.innerText()).trim(), 'no stack of the kernel').toBe('interrupted')
  // For 200 ms after a failure tslab gives up every cell that is asked for: a person asks again.
  const answers = async () => {
    const answer = (await runCell(page, 2)).getByText('42', { exact: true })
    return answer.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    )
  }
  await expect.poll(answers, { timeout: patienceMs }).toBe(true)
  const goOn = /interrupted, what was measured is kept; go on with: await resume\('[0-9a-f]{12}'\)/
  await first.getByText(goOn).waitFor()
  const [plan] = JSON.parse((await checkout.run('list', '--json')).stdout).plans
  expect(plan.trials.ok).toBeGreaterThan(0)
  expect(plan.trials.pending + plan.trials.interrupted).toBeGreaterThan(0)
  expect(plan.trials.running).toBe(0)
  const last = await runCell(page, 3)
  await last.getByText('complete', { exact: true }).waitFor({ timeout: 3 * patienceMs }) // it measures
  const [after] = JSON.parse((await checkout.run('list', '--json')).stdout).plans
  expect(after.trials).toMatchObject({ ok: 4, failed: 0, pending: 0, running: 0 })
  await page.close()
})
