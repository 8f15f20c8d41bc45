import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { engineProgram, type EngineName, lacksEngine } from './engines.ts'
import { Lab } from './lab.ts'
import { measuringDriver } from './running-launch.ts'
import { spools } from './spool-and-store.ts'

const scripted = fileURLToPath(new URL('../backend/scripted-engine-server.mjs', import.meta.url))
const longMs = 240_000

type Change = { requests?: number; artifact?: string; quantization?: string; more?: string }

const experiment = (
  backend: string,
  { requests = 3, artifact = 'demo-q8_0.gguf', quantization = 'q8_0', more = '' }: Change,
) => `
name: started
axes: { model: [demo], quantization: [${quantization}], backend: [server] }
models: { demo: { artifacts: { ${quantization}: { path: data/models/demo/${artifact} } } } }
backends: { server: { ${backend} } }
workload: { kind: chat, prompts: [Hello], sampling: { maxTokens: 8 } }
load: { requests: ${requests} }
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
    await expect.poll(() => before.filter((pid) => existsSync(`/proc/${pid}`)), { timeout: 30_000 }).toEqual([])
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
  expect(engines.filter((pid) => existsSync(`/proc/${pid}`))).toEqual(engines)
  using other = labWith('llama-server', scripted, experiment('kind: llama-server', {}))
  expect((await other.run('run', 'experiments/started.yaml')).code).toBe(0)
  expect(engines.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([])
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
