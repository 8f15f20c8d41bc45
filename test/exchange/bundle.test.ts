import { gunzipSync } from 'node:zlib'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bundleTables } from '../../lib/exchange/bundle-tables.ts'
import { packedBundle, planBundle } from '../../lib/exchange/plan-bundle.ts'
import { readBundle } from '../../lib/exchange/read-bundle.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { textByDigest } from '../../lib/store/plan-rows.ts'
import { readPlanData } from '../../lib/store/read-plan-data.ts'
import type { Store } from '../../lib/store/store.ts'
import { CommandLine } from '../cli/command-line.ts'
import { temporaryStore } from '../store/example.ts'
import { measureIn, planOf, twoArms } from './measured-plan.ts'

/** A lab with a measured plan, and where its bundle may go. */
async function measuredLab(text = twoArms) {
  const lab = new CommandLine({ 'experiments/two-arms.yaml': text })
  const plan = await planOf('experiments/two-arms.yaml', lab.root)
  measureIn(lab.store, plan, { tokenMs: { f16: 20, q4_0: 15 } })
  const store = openStore({ file: lab.store, mode: 'read' })
  const path = lab.at('x.bundle')
  const pack = (texts: 'all' | 'digests' = 'all') =>
    writeFileSync(path, Buffer.concat([...packedBundle(store, { planId: plan.id, texts, home: '/root' })]))
  const dispose = () => {
    store[Symbol.dispose]()
    lab[Symbol.dispose]()
  }
  return { lab, plan, store, path, pack, [Symbol.dispose]: dispose }
}

const bundleText = (path: string) => gunzipSync(readFileSync(path)).toString()
const linesOf = (store: Store, planId: string) => [...planBundle(store, { planId, home: '/root' })].join('')

test('what was packed and read again is the same plan, with everything that was measured', async () => {
  using from = await measuredLab()
  from.pack()
  using into = temporaryStore()
  const read = await readBundle({ file: 'x.bundle', path: from.path }, into.store)
  expect(read).toMatchObject({ planId: from.plan.id, texts: 'all' })
  const [before, after] = [from.store, into.store].map((store) => readPlanData(store, from.plan.id))
  const withoutSpools = (data: typeof before) => ({
    ...data,
    launches: data?.launches.map((launch) => ({ ...launch, spool: undefined, spoolOffset: 0 })),
  })
  expect(withoutSpools(after)).toEqual(withoutSpools(before))
  expect(after?.requests.length).toBe(32)
  expect(linesOf(into.store, from.plan.id)).toBe(linesOf(from.store, from.plan.id))
})

test('the same plan gives the same bytes, and neither where it was nor who measured it', async () => {
  using from = await measuredLab()
  from.pack()
  const first = readFileSync(from.path)
  from.pack()
  expect(readFileSync(from.path).equals(first)).toBe(true)
  expect(bundleText(from.path)).not.toMatch(/\/root|spool|"pid"|heartbeat/)
})

test('a bundle says in each line what it is', async () => {
  using from = await measuredLab()
  from.pack()
  const lines = bundleText(from.path)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines[0]).toEqual({ format: 'benchbook-bundle', version: 1, plan: from.plan.id, texts: 'all' })
  const order = [...new Set(lines.slice(1, -1).map((line) => line.in))]
  expect(order).toEqual(bundleTables.map(({ name }) => name))
  expect(lines.at(-1).end.rows).toMatchObject({ plan: 1, cell: 2, launch: 16, trial: 16, request: 32, prompt: 2 })
})

test('every column of the store is in a bundle, or said to be nobody else’s business', () => {
  using lab = temporaryStore()
  for (const { name, columns, leftOut = [] } of bundleTables) {
    const known = lab.store.sql<{ name: string }>(`SELECT name FROM pragma_table_info('${name}')`).all()
    expect([...columns, ...leftOut].toSorted(), name).toEqual(known.map((column) => column.name).toSorted())
  }
})

test('without texts nothing that was asked or answered is in it, but the digests are', async () => {
  using from = await measuredLab(
    twoArms
      .replace('kind: completion', 'kind: chat\n    system: "Speak as a pirate."')
      .replace('random-5m', 'demo')
      .replace('"Why is the sky blue?"', '{ text: "Why is the sky blue?", expected: { contains: [Rayleigh] } }'),
  )
  from.pack('digests')
  const text = bundleText(from.path)
  expect(text).not.toMatch(/sky|alert|pirate|an answer to|Speak|Rayleigh/)
  expect(text).toMatch(/"output_sha256":"[0-9a-f]{64}"/)
  expect(text).toMatch(/"system":"\(left out: sha256 [0-9a-f]{64}\)"/)
  using into = temporaryStore()
  await readBundle({ file: 'x.bundle', path: from.path }, into.store)
  const [before, after] = [from.store, into.store].map((store) => readPlanData(store, from.plan.id))
  expect(after?.requests).toEqual(before?.requests)
  expect(after?.plan.cells.map(({ id }) => id)).toEqual(before?.plan.cells.map(({ id }) => id))
})

test('a text that is scored against a base, twins and sentinels come through, with the text and without', async () => {
  const score = 'score: { kind: perplexity, text: { file: data/models/demo/held-out.txt }, context: 128, base: q8_0 }'
  const text = twoArms
    .replace('random-5m', 'demo')
    .replace('[f16, q4_0]', '[q8_0, q4_0]')
    .replace('workload: [ask]', 'workload: [ask, score]')
    .replace('workloads:', `workloads:\n  ${score}`)
    .replace('blocks: 8', 'blocks: 6, aa: true, sentinel: 3')
  using from = await measuredLab(text)
  for (const texts of ['all', 'digests'] as const) {
    from.pack(texts)
    using into = temporaryStore()
    await readBundle({ file: 'x.bundle', path: from.path }, into.store, (digest) => textByDigest(from.store, digest))
    const { plan } = readPlanData(into.store, from.plan.id)
    expect(plan.cells).toEqual(from.plan.cells)
    expect(plan.launches.map(({ role }) => role)).toEqual(from.plan.launches.map(({ role }) => role))
  }
})

test('texts that were left out are found where they are known', async () => {
  using from = await measuredLab()
  from.pack('digests')
  using into = temporaryStore()
  await readBundle({ file: 'x.bundle', path: from.path }, into.store, (digest) => textByDigest(from.store, digest))
  const { cells } = readPlanData(into.store, from.plan.id).plan
  expect(cells).toEqual(from.plan.cells)
})

test('what a variable holds that is named as a secret stays at home', async () => {
  const text = twoArms
    .replace('random-5m', 'demo')
    .replace(
      '\nload:',
      '\nbackends: { mine: { kind: llama-server, launch: { env: { MY_TOKEN: hunter2-hunter2, MY_MODE: fast }, args: { grammar-file: /root/g.gbnf } } } }\nload:',
    )
    .replace('workload: [ask]', 'backend: [mine], workload: [ask]')
  using from = await measuredLab(text)
  from.pack()
  const packed = bundleText(from.path)
  expect(packed).not.toMatch(/hunter2|\/root/)
  expect(packed).toMatch(/"MY_TOKEN":"\*\*\*","MY_MODE":"fast"/)
  expect(packed).toMatch(/"grammar-file":"~\/g.gbnf"/)
})

test('options, fields of requests and addresses keep their secrets, and a setting is none', async () => {
  const backend = `
backends:
  mine:
    kind: llama-server
    launch:
      env: { TOKENIZERS_PARALLELISM: "false", MAX_TOKENS: "2048", HTTPS_PROXY: "http://ann:pa55word@proxy:8080" }
      args: { hf-token: hf_hunter2, eos-token: "</s>" }
    extraBody: { user: { apiKey: swordfish } }
load:`
  const text = twoArms
    .replace('random-5m', 'demo')
    .replace('[f16, q4_0]', '[q8_0, q4_0]')
    .replace('\nload:', backend)
    .replace('workload: [ask]', 'backend: [mine], backend.salt: [false], workload: [ask]')
  using from = await measuredLab(text)
  from.pack()
  const packed = bundleText(from.path)
  expect(packed).not.toMatch(/hunter2|pa55word|swordfish/)
  expect(packed).toContain('"TOKENIZERS_PARALLELISM":"false","MAX_TOKENS":"2048","HTTPS_PROXY":"http://***@proxy:8080"')
  expect(packed).toContain('"hf-token":"***","eos-token":"</s>"')
  expect(packed).toContain('"apiKey":"***"')
  expect(packed.includes(String.raw`\"backend.salt\":false`)).toBe(true)
  using into = temporaryStore()
  await readBundle({ file: 'x.bundle', path: from.path }, into.store)
})

test('without texts, none is left where an axis, a command or a failure repeats it', async () => {
  const text = twoArms
    .replace('kind: completion', 'kind: chat')
    .replace('[f16, q4_0], workload: [ask]', '[q8_0, q4_0], workload: [ask], workload.system: [Speak as a pirate.]')
    .replace('random-5m', 'demo')
    .replace('maxTokens: 8', 'maxTokens: 8, stop: [Ahoy]')
    .replace('    sampling', '    output: natural\n    sampling')
  using from = await measuredLab(text)
  {
    using store = openStore({ file: from.lab.store, mode: 'write' })
    const set = (table: string, fields: string) => store.sql(`UPDATE ${table} SET ${fields}`).run()
    const failed = JSON.stringify({ status: 'failed', reason: 'engine-error', detail: 'sky', logTail: 'sky' })
    set('plan', `command = 'benchbook run x --set workload.system=pirate'`)
    set('launch', `outcome = '${failed}', status = 'failed'`)
    set('trial', `detail = 'bad input: Why is the sky blue?'`)
    set('request', `detail = 'bad input: Why is the sky blue? in /root/x'`)
  }
  from.pack()
  expect(bundleText(from.path)).toMatch(/in ~\/x/)
  from.pack('digests')
  expect(bundleText(from.path)).not.toMatch(/sky|pirate|Ahoy|\/root/)
  using into = temporaryStore()
  await readBundle({ file: 'x.bundle', path: from.path }, into.store)
  expect(readPlanData(into.store, from.plan.id).plan.cells.map(({ id }) => id)).toEqual(
    from.plan.cells.map(({ id }) => id),
  )
})

test('a bundle is exported as any other data', async () => {
  using from = await measuredLab()
  const { lab, plan } = from
  expect(await lab.run(['export', plan.id, '-o', 'mine.bundle'])).toMatchInlineSnapshot(`
    {
      "exitCode": 0,
      "stderr": "measure it again elsewhere with  benchbook reproduce mine.bundle
    ",
      "stdout": "mine.bundle
    ",
    }
  `)
  expect(await lab.run(['export', 'latest', '-o', 'short.bundle', '--no-text', '--json'])).toMatchInlineSnapshot(`
    {
      "exitCode": 0,
      "stderr": "measure it again elsewhere with  benchbook reproduce short.bundle
    ",
      "stdout": "{
      "benchbook": 1,
      "exported": "short.bundle",
      "format": "bundle"
    }
    ",
    }
  `)
  expect(bundleText(join(lab.root, 'short.bundle'))).toContain('"texts":"digests"')
  expect(await lab.refused(['export', 'latest', '-o', 'x.csv', '--no-text'])).toMatchInlineSnapshot(`
    "2 benchbook: --no-text is for bundles: let the file end in .bundle, or leave it out
    "
  `)
})
