import { chmodSync, readFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { planBundle } from '../../lib/exchange/plan-bundle.ts'
import { openBundle } from '../../lib/lab/open-bundle.ts'
import { reproductionPlan } from '../../lib/lab/reproduction-plan.ts'
import { whatStarts } from '../../lib/lab/what-starts.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { cellIdentifier } from '../../lib/experiment/cell-id.ts'
import type { Cell } from '../../lib/domain/cell.ts'
import { CommandLine } from '../cli/command-line.ts'
import { ended } from '../exchange/ended-bundle.ts'
import { measureIn, planOf, twoArms } from '../exchange/measured-plan.ts'

/** A model that no package brings. */
const model = readFileSync('data/models/demo/demo-q4_0.gguf')
model.writeUInt8(model.readUInt8(model.length - 1) ^ 1, model.length - 1)
const ownModel = twoArms
  .replace('random-5m', 'mine')
  .replace('[f16, q4_0]', '[q4_0, q8_0]')
  .replace(
    '\nload:',
    '\nmodels: { mine: { artifacts: { q4_0: { path: data/models/mine.gguf }, q8_0: { random: { parameters: 5e6 } } } } }\nload:',
  )

type Fields = Record<string, unknown>
type Edit = (cell: Fields & { config: Record<string, Fields> }) => void

/** A bundle of an experiment of another lab, as text; its cells edited, their ids as their settings make them. */
async function bundleOf(text: string, edit: Edit = () => {}): Promise<Uint8Array> {
  using lab = new CommandLine({ 'experiments/a.yaml': text })
  lab.write('data/models/mine.gguf', model)
  const plan = await planOf('experiments/a.yaml', lab.root)
  measureIn(lab.store, plan, { tokenMs: {} })
  using store = openStore({ file: lab.store, mode: 'read' })
  const lines = [...planBundle(store, { planId: plan.id })].map((line) => line.trimEnd())
  const identify = cellIdentifier()
  const changed = lines.slice(0, -1).map((line) => {
    const row = JSON.parse(line)
    if (row.in !== 'cell') return line
    const { workload } = (plan.cells[0] as Cell).config
    edit(row)
    row.cell_id = identify({ ...row.config, workload }, row.artifact)
    return JSON.stringify(row)
  })
  return gzipSync(ended(changed))
}

async function planIn(lab: CommandLine, bundle: Uint8Array, options: { only?: string[] } = {}) {
  lab.write('x.bundle', bundle)
  const opened = await openBundle('x.bundle', { cwd: lab.root })
  const place = { cwd: lab.root, env: { XDG_CACHE_HOME: lab.at('cache'), HF_HOME: lab.at('hf') } }
  return reproductionPlan(opened, options, place)
}
const refusal = (lab: CommandLine, bundle: Uint8Array) =>
  planIn(lab, bundle).then(
    () => 'planned',
    (error: Error) => `${error.name}: ${error.message.replaceAll(lab.root, '/lab')}`,
  )

test('a model is found by its content, whatever its name is here', async () => {
  using lab = new CommandLine()
  const bundle = await bundleOf(ownModel)
  lab.write('data/models/other/name.gguf', model)
  const { plan } = await planIn(lab, bundle)
  expect(plan.cells.map(({ config, artifact }) => [config.artifact, artifact.path])).toEqual([
    [{ kind: 'path', path: 'data/models/other/name.gguf' }, 'data/models/other/name.gguf'],
    [{ kind: 'random', parameters: 5e6, type: 'q8_0' }, expect.stringMatching(/^data\/models\/random\//)],
  ])
  expect(plan.blocks).toBe(8)
  expect(plan.compare?.pairs).toHaveLength(1)
  expect(plan.experiment).toMatchObject({ name: 'two-arms', file: 'x.bundle', text: ownModel })
})

test('a model that is not here, or has other content, is refused with what to do', async () => {
  using lab = new CommandLine()
  const bundle = await bundleOf(ownModel)
  expect(await refusal(lab, bundle)).toMatchInlineSnapshot(
    `"UserError: mine q4_0: no model in this lab has its content (sha256 d22be520feef, 2520256 bytes): put the file under data/models/, whatever its name"`,
  )
  lab.write('data/models/mine.gguf', readFileSync('data/models/demo/demo-q8_0.gguf'))
  expect(await refusal(lab, bundle)).toMatchInlineSnapshot(
    `"UserError: mine q4_0: data/models/mine.gguf is not what was measured (sha256 a5ec93f3b88a, and the bundle measured d22be520feef)"`,
  )
})

test('no path leads out of the lab', async () => {
  using lab = new CommandLine()
  const bundle = await bundleOf(ownModel, ({ config }) => {
    if (config['artifact']?.['kind'] === 'path') config['artifact']['path'] = '../../../../../../etc/passwd'
  })
  expect(await refusal(lab, bundle)).toMatchInlineSnapshot(
    `"UserError: mine q4_0: no model in this lab has its content (sha256 d22be520feef, 2520256 bytes): put the file under data/models/, whatever its name"`,
  )
})

const servers = twoArms
  .replace('random-5m', 'demo')
  .replace('workload: [ask]', 'backend: [mine], workload: [ask]')
  .replace('[f16, q4_0]', '[q8_0, q4_0]')

const withBackend = (backend: string) => servers.replace('\nload:', `\nbackends: { mine: ${backend} }\nload:`)

test('what a bundle would start, ask and hand out is listed, made plain', async () => {
  const starting = withBackend(
    '{ kind: llama-server, launch: { args: { flash-attn: "on", log-file: "/tmp/x\\u001b[2J" }, env: { A: "1 2", HF_TOKEN: "${env:HF_TOKEN}" } } }',
  )
  using lab = new CommandLine({ 'x.bundle': await bundleOf(starting) })
  const { plan } = await openBundle('x.bundle', { cwd: lab.root })
  expect(whatStarts(plan.cells)).toMatchInlineSnapshot(`
    [
      "starts llama-server with flash-attn: "on", log-file: "/tmp/x\\u001b[2J" in the environment A='1 2' HF_TOKEN='\${env:HF_TOKEN}'",
      "names a place that may lie outside of the lab: '/tmp/x\\u{1b}[2J'",
      "hands it a variable of yours: HF_TOKEN='\${env:HF_TOKEN}'",
    ]
  `)
  const url = { kind: 'openai', url: 'http://10.0.0.1:8000', apiKey: '${env:OPENAI_API_KEY}', caFile: 'data/ca.pem' }
  expect(whatStarts([{ config: { backend: url } }] as never)).toEqual([
    'asks http://10.0.0.1:8000, with your key of ${env:OPENAI_API_KEY}',
    'trusts the certificates in data/ca.pem',
  ])
})

const vllmWith = (args: object) =>
  [{ config: { backend: { name: 'v', kind: 'vllm', launch: { args, env: {} } } } }] as never

test('code that a model brings is told by itself', () => {
  expect(whatStarts(vllmWith({ 'trust-remote-code': true }))).toEqual([
    'starts vllm with trust-remote-code: true',
    'runs programs that a model brings (trust-remote-code)',
  ])
  expect(whatStarts(vllmWith({ trust_remote_code: false }))).toEqual(['starts vllm with trust_remote_code: false'])
})

test('so it is under the beginning of its name and within another option, and a variable that loads code is told', () => {
  const code = 'runs programs that a model brings (trust-remote-code)'
  expect(whatStarts(vllmWith({ 'trust-rem': true }))).toContain(code)
  expect(whatStarts(vllmWith({ 'hf-overrides': { trust_remote_code: true } }))).toContain(code)
  expect(whatStarts(vllmWith({ t: 4 }))).not.toContain(code)
  const env = { LD_PRELOAD: 'data/x.so', PYTHONPATH: '../x', OMP_NUM_THREADS: '2' }
  const launch = { args: { 'chat-template': { a: ['~/x'] } }, env }
  expect(whatStarts([{ config: { backend: { name: 'v', kind: 'vllm', launch } } }] as never).slice(1)).toEqual([
    'decides with a variable what it loads: LD_PRELOAD=data/x.so',
    'decides with a variable what it loads: PYTHONPATH=../x',
    "names a place that may lie outside of the lab: '~/x'",
    'names a place that may lie outside of the lab: ../x',
  ])
})

test('weights that fill a disk are not generated unasked', async () => {
  using lab = new CommandLine()
  const large = twoArms
    .replace(
      'axes: {',
      'models: { big: { artifacts: { f16: { random: { parameters: 1e9 } }, q4_0: { random: { parameters: 9.9e8 } } } } }\naxes: {',
    )
    .replace('random-5m', 'big')
  const { plan } = await planIn(lab, await bundleOf(large), {})
  expect(whatStarts(plan.cells)).toEqual([])
  const [cell] = plan.cells as [Cell]
  const others = [1, 2, 3].map((at) => ({
    ...cell,
    artifact: { ...cell.artifact, path: `${cell.artifact.path}${at}` },
  }))
  expect(whatStarts(others)).toEqual([
    expect.stringMatching(/^writes \d\.\d GB of weights that are generated or quantized$/),
  ])
  expect(whatStarts(others.map((each) => ({ ...each, artifact: { ...each.artifact, bytes: 1 } })))).toEqual([])
})

test('nothing is started unasked, and the embedded engine needs no asking', async () => {
  using lab = new CommandLine({ 'x.bundle': await bundleOf(withBackend('{ kind: llama-server }')) })
  lab.write('.venv/bin/llama-server', '#!/bin/sh\n')
  chmodSync(lab.at('.venv/bin/llama-server'), 0o755)
  expect(await lab.refused(['reproduce', 'x.bundle'])).toMatchInlineSnapshot(`
    "4 x.bundle itself says nothing of its arms that could be found again, whatever is measured here
    benchbook: x.bundle comes from elsewhere, and measuring it here
      starts llama-server
    Nobody can be asked whether it may: --yes says that it may
    "
  `)
})

test('a program that a bundle names is never started', async () => {
  using lab = new CommandLine()
  const bundle = await bundleOf(withBackend('{ kind: llama-server }'), ({ config }) => {
    config['backend'] = { ...config['backend'], program: '/bin/sh' }
  })
  expect(await refusal(lab, bundle)).toMatchInlineSnapshot(
    `"UserError: /bin/sh is a program of the machine that was measured: a bundle may name none"`,
  )
})

test('settings that are not those of the cell are not run', async () => {
  using lab = new CommandLine()
  const bundle = await bundleOf(twoArms)
  const text = gunzipSync(bundle).toString().trimEnd().split('\n')
  const edited = text
    .slice(0, -1)
    .map((line) => (line.startsWith('{"in":"cell"') ? line.replace('"threads":1,', '"threads":2,') : line))
  expect(await refusal(lab, gzipSync(ended(edited)))).toMatchInlineSnapshot(
    `"UserError: 2 of 2 cells of x.bundle cannot be made again here: their settings are not those that were measured. They name the home folder of who measured them, or a secret, which no bundle has; or another version of benchbook measured them"`,
  )
})

test('what the machine of the bundle had to be is not asked of this one', async () => {
  using lab = new CommandLine()
  const text = twoArms
    .replace('axes: {', 'axes: { hardware: [pi],')
    .replace('\nload:', '\nhardware: { pi: { target: local, needs: { cores: 1 }, memory: 4GB } }\nload:')
  const { plan } = await planIn(
    lab,
    await bundleOf(
      text,
      ({ config }) =>
        (config['hardware'] = { ...config['hardware'], needs: { accelerator: 'cpu', cpu: 'Raspberry Pi 5' } }),
    ),
  )
  expect(plan.skipped).toEqual([])
  expect(plan.cells[0]?.config.hardware).toEqual({ name: 'pi', target: 'local', needs: { accelerator: 'cpu' } })
})
