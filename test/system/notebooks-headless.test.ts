import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Checkout } from './checkout.ts'
import { clearOutputs, outputsOf, readNotebook, writeNotebook } from './notebook-file.ts'

let checkout: Checkout
beforeAll(() => void (checkout = new Checkout()), 60_000)
afterAll(() => checkout[Symbol.dispose]())

const committed = ['notebooks/01-first-experiment.ipynb', 'notebooks/02-explore-a-store.ipynb']

test('the committed notebooks execute from a fresh clone, and so does one made for a plan', async () => {
  for (const file of committed) clearOutputs(checkout.at(file))
  expect(await checkout.run('notebook', 'run', ...committed)).toEqual({
    code: 0,
    stdout: committed.map((file) => `${checkout.at(file)}\n`).join(''),
    stderr: expect.any(String),
  })
  const made = (await checkout.run('notebook', 'new', 'experiments/my-explore.yaml')).stdout.trim()
  expect(made).toMatch(/^notebooks\/my-explore-[0-9a-f]{12}\.ipynb$/)
  expect(await checkout.run('notebook', 'run', made, '-o', 'executed')).toMatchObject({ code: 0 })
  for (const file of [...committed, `executed/${basename(made)}`]) {
    const notebook = readNotebook(checkout.at(file))
    for (const cell of notebook.cells.filter(({ cell_type }) => cell_type === 'code'))
      expect(cell.execution_count, `${file} ${cell.id}`).toBeGreaterThan(0)
    const outputs = outputsOf(notebook)
    expect(outputs.filter(({ name }) => name === 'stderr')).toEqual([])
    const charts = outputs.filter(({ data }) => data?.['application/vnd.vegalite.v5+json'])
    expect(charts.length, file).toBeGreaterThanOrEqual(2)
    for (const { data } of charts) expect([data?.['image/svg+xml']].flat().join('')).toMatch(/^<svg [^>]*xmlns=/)
    const text = readFileSync(checkout.at(file), 'utf8')
    expect(text).not.toContain(checkout.root)
  }
  expect(readNotebook(checkout.at(made)).cells.flatMap((cell) => cell.outputs ?? [])).toEqual([])
  expect(readdirSync(checkout.at('reports/out')).filter((file) => file.startsWith('my-'))).toHaveLength(2)
})

test('what is committed shows its outputs, and nothing of the machine that made them', () => {
  for (const file of committed) {
    const notebook = readNotebook(file)
    expect(outputsOf(notebook).length).toBeGreaterThan(4)
    expect(outputsOf(notebook).filter(({ name }) => name === 'stderr')).toEqual([])
    expect(readFileSync(file, 'utf8')).not.toMatch(/\/(home|root|Users|tmp|work)\//)
    expect(readFileSync(file).length).toBeLessThan(600_000)
  }
})

test('a notebook that fails says why, is left as it was, and what there was is kept', async () => {
  for (const [name, source, reason] of [
    ['thrown', "throw new Error('the disk is on fire')", 'Error: the disk is on fire'],
    ['typed', 'const text: string = 1', "1:7 - Type 'number' is not assignable to type 'string'."],
    ['unseen', "Promise.reject(new Error('nobody waits'))", 'UnhandledPromiseRejection: Error: nobody waits'],
    ['late', "setTimeout(() => Promise.reject(new Error('in the next cell')))", 'UnhandledPromiseRejection: Error: in'],
    ['told', "import { openStore } from '../dist/notebook/index.js'\nopenStore('none.db')", 'no store at'],
  ] as const) {
    const file = `notebooks/${name}.ipynb`
    writeNotebook(
      checkout.at(file),
      source,
      ...(name === 'late' ? ['await new Promise((done) => setTimeout(done, 100))'] : []),
    )
    cpSync(checkout.at(file), checkout.at(`${file}.before`))
    const { code, stdout, stderr } = await checkout.run('notebook', 'run', file)
    expect([code, stdout], stderr).toEqual([3, ''])
    expect(stderr).toContain(reason)
    expect(stderr).not.toContain('Traceback')
    expect(readFileSync(checkout.at(file))).toEqual(readFileSync(checkout.at(`${file}.before`)))
    expect(existsSync(checkout.at(`notebooks/${name}.failed.ipynb`))).toBe(true)
  }
})

test('what is no notebook, and one whose kernel is not there, is told in a line, and the next one is executed', async () => {
  const [broken, foreign, good] = ['broken', 'foreign', 'good'].map((name) => `notebooks/${name}.ipynb`) as [
    string,
    string,
    string,
  ]
  writeFileSync(checkout.at(broken), '{')
  for (const file of [foreign, good]) writeNotebook(checkout.at(file), '1 + 1')
  writeFileSync(checkout.at(foreign), readFileSync(checkout.at(foreign), 'utf8').replace('"tslab"', '"no-such"'))
  const { code, stdout, stderr } = await checkout.run('notebook', 'run', broken, foreign, good)
  expect([code, stdout]).toEqual([3, `${checkout.at(good)}\n`])
  expect(stderr).toContain(`${checkout.at(broken)} is no notebook: Notebook does not appear to be JSON: '{'`)
  expect(stderr).toContain('its kernel did not start: No such kernel named no-such')
  expect(stderr).not.toContain('Traceback')
})

test('what the README shows of the library runs as it stands', async () => {
  const [, code = ''] = /```ts\n(.*?)```/s.exec(readFileSync('notebooks/README.md', 'utf8')) ?? []
  const [, experiment = ''] = /run\('([^']+)'/.exec(code) ?? []
  // The same names, and less to measure.
  const small =
    'name: quickstart\naxes: { model: [demo], quantization: [q4_0], workload: [decode] }\nload: { requests: 2 }\n'
  writeFileSync(checkout.at(experiment), small)
  const file = 'notebooks/readme.ipynb'
  writeNotebook(checkout.at(file), code)
  expect(await checkout.run('notebook', 'run', file), code).toMatchObject({ code: 0 })
})
