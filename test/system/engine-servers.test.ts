import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { engineProgram, type EngineName, lacksEngine } from './engines.ts'
import { Lab } from './lab.ts'
import { measuringDriver } from './running-launch.ts'
import { spools } from './spool-and-store.ts'

const scripted = fileURLToPath(new URL('../backend/scripted-engine-server.mjs', import.meta.url))
const longMs = 240_000

type Change = {
  requests?: number
  artifact?: string
  quantization?: string
  more?: string
  load?: string
  axes?: string
}

const experiment = (
  backend: string,
  { requests = 3, artifact = 'demo-q8_0.gguf', quantization = 'q8_0', more = '', load = '', axes = '' }: Change,
) => `
name: started
axes: { model: [demo], quantization: [${quantization}], backend: [server]${axes} }
models: { demo: { artifacts: { ${quantization}: { path: data/models/demo/${artifact} } } } }
backends: { server: { ${backend} } }
workload: { kind: chat, prompts: [Hello], sampling: { maxTokens: 8 } }
load: { requests: ${requests}${load} }
repeat: { blocks: 1 }
${more}`

function labWith(kind: string, program: string, text: string): Lab {
  const lab = new Lab({ 'started.yaml': text })
  mkdirSync(join(lab.root, 'data'), { recursive: true })
  lab.write('data/lab.yaml', `programs: { ${kind}: ${program} }\n`)
  return lab
}

/** Processes that a worker of a lab has marked as an engine's, by the marks of its spools. */
function enginesOf(lab: Lab): string[] {
  const claims = spools(`${lab.store}.spool`).map(
    (spool) => JSON.parse(readFileSync(join(spool, 'claim'), 'utf8')) as { pid: number },
  )
  return readdirSync('/proc').filter((pid) => {
    try {
      const environ = readFileSync(`/proc/${pid}/environ`, 'utf8')
      const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.[0]
      return (
        state !== 'Z' &&
        claims.some(({ pid: worker }) => new RegExp(`BENCHBOOK_LAUNCH=[^\\0]*@${worker}\\.\\d+/engine`).test(environ))
      )
    } catch {
      return false
    }
  })
}

const parentOf = (pid: number) => Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1])

/** The processes that are killed, of those that a launch has; `both`: nobody is left to clear up but the runner. */
const victims = {
  driver: (driver: number) => [driver],
  worker: (driver: number) => [parentOf(driver)],
  both: (driver: number) => [parentOf(driver), driver],
} as const

test.for(['driver', 'worker', 'both'] as const)(
  'of a server nothing is left when its %s is killed, and the run goes on',
  { timeout: longMs },
  async (who) => {
    const text = experiment(`kind: llama-server, launch: { env: { MODE: holds-port } }`, { requests: 3000 })
    using lab = labWith('llama-server', scripted, text)
    const run = lab.start('run', 'experiments/started.yaml')
    const driver = await measuringDriver(lab)
    const before = enginesOf(lab)
    expect(before.length).toBeGreaterThan(0)
    for (const pid of victims[who](driver)) process.kill(pid, 'SIGKILL')
    await expect.poll(() => enginesOf(lab).filter((pid) => before.includes(pid)), { timeout: 30_000 }).toEqual([])
    const { code, stderr } = await run.ended
    expect([0, 3], stderr).toContain(code)
    const { rows } = JSON.parse(
      (await lab.run('query', "SELECT status FROM v_trial WHERE status = 'ok'", '--json')).stdout,
    )
    expect(rows, stderr).toHaveLength(1)
    expect(enginesOf(lab)).toEqual([])
  },
)

test('runner, worker and driver killed: the next run ends the server', { timeout: longMs }, async () => {
  const text = experiment(`kind: llama-server, launch: { env: { MODE: ignores-sigterm } }`, { requests: 3000 })
  using lab = labWith('llama-server', scripted, text)
  const run = lab.start('run', 'experiments/started.yaml')
  const driver = await measuringDriver(lab)
  const engines = enginesOf(lab)
  // The driver first is stopped, so that it cannot end its server when its worker goes.
  process.kill(driver, 'SIGSTOP')
  for (const pid of [run.child.pid as number, parentOf(driver), driver]) process.kill(pid, 'SIGKILL')
  await run.ended
  expect(enginesOf(lab)).toEqual(engines)
  using other = labWith('llama-server', scripted, experiment('kind: llama-server', {}))
  expect((await other.run('run', 'experiments/started.yaml')).code).toBe(0)
  expect(enginesOf(lab)).toEqual([])
})

test(
  'a server that dies while it is measured fails its trial, which says how, and the next one is unharmed',
  { timeout: longMs },
  async () => {
    const more = 'limits: { retries: 0 }\n'
    using lab = labWith(
      'llama-server',
      scripted,
      experiment(`kind: llama-server, launch: { env: { MODE: dies } }`, { requests: 50, more }),
    )
    const run = await lab.run('run', 'experiments/started.yaml')
    expect(run.code, run.stderr).toBe(3)
    const query = 'SELECT status, reason, detail FROM v_trial'
    const { rows } = JSON.parse((await lab.run('query', query, '--json')).stdout)
    expect(rows).toEqual([
      {
        status: 'failed',
        reason: 'crashed',
        detail: expect.stringMatching(/^llama-server was ended by SIGKILL .* while it was asked; its log ends with: /),
      },
    ])
    expect(enginesOf(lab)).toEqual([])
  },
)

const trialsOf = async (lab: Lab): Promise<string[]> => {
  const { stdout } = await lab.run('query', 'SELECT status, reason FROM v_trial', '--json')
  const { rows } = JSON.parse(stdout) as { rows: { status: string; reason: string | null }[] }
  return rows.map(({ status, reason }) => `${status} ${reason ?? ''}`.trim()).toSorted()
}

test('what a server printed has no secret in it when its worker is killed', { timeout: longMs }, async () => {
  vi.stubEnv('SERVED_TOKEN', 'hf_not-to-be-found')
  // oxlint-disable-next-line no-template-curly-in-string
  const launch = "launch: { env: { MODE: tells-and-serves, TOKEN: '${env:SERVED_TOKEN}' } }"
  // Another attempt would print it again, and take it out at its own end.
  const more = 'limits: { retries: 0 }\n'
  using lab = labWith('llama-server', scripted, experiment(`kind: llama-server, ${launch}`, { requests: 3000, more }))
  const run = lab.start('run', 'experiments/started.yaml')
  const driver = await measuringDriver(lab)
  const [spool = ''] = spools(`${lab.store}.spool`)
  const log = () => readFileSync(join(spool, 'engine.log'), 'utf8')
  expect(log()).toContain('token hf_not-to-be-found')
  process.kill(parentOf(driver), 'SIGKILL')
  await expect.poll(log, { timeout: 30_000 }).toContain('token ***')
  expect(log()).not.toContain('hf_not-to-be-found')
  run.child.kill('SIGTERM')
  await run.ended
  vi.unstubAllEnvs()
})

test(
  'of two cells that share a server the second is measured though the first ended it',
  { timeout: longMs },
  async () => {
    const flag = `/tmp/benchbook-flag-${process.pid}`
    const backend = `kind: llama-server, launch: { env: { MODE: dies-once, FLAG: ${flag} } }`
    const change = { axes: ', load.requests: [20, 21]', more: 'limits: { retries: 0 }\n' }
    using lab = labWith('llama-server', scripted, experiment(backend, change))
    const run = await lab.run('run', 'experiments/started.yaml')
    rmSync(flag, { force: true })
    expect(run.code, run.stderr).toBe(3)
    expect(await trialsOf(lab)).toEqual(['failed crashed', 'interrupted', 'ok'])
    expect(enginesOf(lab)).toEqual([])
  },
)

test('server and runner killed: --resume measures what is left', { timeout: longMs }, async () => {
  const text = experiment('kind: llama-server', { requests: 3000, more: 'limits: { retries: 0 }\n' })
  using lab = labWith('llama-server', scripted, text.replace('blocks: 1', 'blocks: 2'))
  const run = lab.start('run', 'experiments/started.yaml')
  await measuringDriver(lab)
  for (const pid of enginesOf(lab)) process.kill(Number(pid), 'SIGKILL')
  run.child.kill('SIGKILL')
  await run.ended
  const again = await lab.run('run', '--resume')
  expect(again.code, again.stderr).toBe(3)
  expect(await trialsOf(lab)).toEqual(['failed crashed', 'ok'])
  expect(enginesOf(lab)).toEqual([])
})

test.skipIf(lacksEngine('llamaServer'))(
  'no client of several processes loses a request to a llama-server that closes its connections',
  { timeout: longMs },
  async () => {
    const { program } = engineProgram('llamaServer')
    const backend =
      'kind: llama-server, clientProcesses: 3, launch: { args: { ctx-size: 2048, threads: 1, parallel: 3 } }'
    using lab = labWith('llama-server', program, experiment(backend, { requests: 12, load: ', clients: 3' }))
    const run = await lab.run('run', 'experiments/started.yaml')
    expect([0, 3], run.stderr).toContain(run.code)
    const query = "SELECT status, count(*) AS n FROM request WHERE phase = 'measured' GROUP BY status"
    const { rows } = JSON.parse((await lab.run('query', query, '--json')).stdout)
    expect(rows, run.stderr).toEqual([{ status: 'ok', n: 12 }])
  },
)

type Real = { engine: EngineName; kind: string; launch: string; of?: Change; settings: readonly string[] }

const folder: Change = { artifact: 'hf', quantization: 'bf16' }
const real: readonly Real[] = [
  {
    engine: 'llamaServer',
    kind: 'llama-server',
    launch: 'args: { ctx-size: 1024, threads: 1 }',
    settings: ['n_ctx', 'threads', 'slots'],
  },
  { engine: 'llamaCppPython', kind: 'llama-cpp-python', launch: 'args: { n_threads: 1 }', settings: ['n_ctx'] },
  { engine: 'transformers', kind: 'transformers-serve', launch: '', of: folder, settings: ['torch'] },
  {
    engine: 'vllm',
    kind: 'vllm',
    launch: 'args: { max-model-len: 1024, dtype: bfloat16, enforce-eager: true }',
    of: folder,
    settings: ['dtype', 'max_model_len', 'enforce_eager', 'kv_cache_dtype', 'torch'],
  },
]

for (const { engine, kind, launch, of = {}, settings } of real)
  test.skipIf(lacksEngine(engine))(
    `${kind} is started, says what it computes with, and is ended`,
    { timeout: longMs },
    async () => {
      const { program, env } = engineProgram(engine)
      const variables = Object.entries(env).map(([name, value]) => `${name}: '${value}'`)
      const given = [...(launch === '' ? [] : [launch]), `env: { ${variables.join(', ')} }`].join(', ')
      using lab = labWith(kind, program, experiment(`kind: ${kind}, launch: { ${given} }`, of))
      const run = await lab.run('run', 'experiments/started.yaml')
      expect([0, 3], run.stderr).toContain(run.code)
      const [spool = ''] = spools(`${lab.store}.spool`)
      const records = readFileSync(join(spool, 'records.ndjson'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
      const { manifest } = records.find((record) => record.kind === 'loaded')
      expect(manifest.engine.version).toMatch(/\d/)
      expect(Object.keys(manifest.engine.server.settings)).toEqual(expect.arrayContaining([...settings]))
      expect(manifest.engine.server.command).toContain('PORT')
      expect(JSON.stringify(manifest)).not.toMatch(/127\.0\.0\.1:\d/)
      expect(records.at(-1)).toMatchObject({ kind: 'done', outcome: { status: 'ok' } })
      expect(enginesOf(lab)).toEqual([])
    },
  )
