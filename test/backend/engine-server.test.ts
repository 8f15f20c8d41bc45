import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { engineServer } from '../../lib/backend/engine-server.ts'
import type { EngineServerConfig, ServerLaunch } from '../../lib/domain/backend-config.ts'
import { EngineFailure } from '../../lib/domain/backend.ts'
import type { LaunchSpec } from '../../lib/domain/launch.ts'
import { engineMark, killMarked, launchMark, markedProcesses } from '../../lib/shell/marked-processes.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { send } from './wire-engine.ts'
import { chatOf, openAiLaunch, trialOf } from './wire-launch.ts'

const program = fileURLToPath(new URL('scripted-engine-server.mjs', import.meta.url))
let folder = ''
let mark = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchbook-engine-'))
  mark = launchMark(`test-${folder.slice(-6)}`)
})
afterEach(() => {
  killMarked(engineMark(mark))
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

const left = () => markedProcesses(engineMark(mark))
const start = (
  mode: string,
  { launch = {}, loadMs = 20_000, at = program }: { launch?: Partial<ServerLaunch>; loadMs?: number; at?: string } = {},
) => {
  const backend: EngineServerConfig = {
    name: 'ls',
    kind: 'llama-server',
    launch: { args: {}, ...launch, env: { MODE: mode, ...launch.env } },
    clientProcesses: 1,
    salt: false,
  }
  const { limits, ...trial } = trialOf(chatOf())
  const spec = {
    ...openAiLaunch(''),
    backend,
    programs: { 'llama-server': at },
    source: { kind: 'path', path: 'm.gguf' },
    artifact: { digest: 'd', path: '/models/m.gguf' },
    trials: [{ ...trial, limits: { ...limits, loadMs } }],
  } satisfies LaunchSpec<EngineServerConfig>
  return engineServer.start(spec, { now, origin: now(), log: () => {}, engineLog: join(folder, 'engine.log'), mark })
}
const failure = async (...how: Parameters<typeof start>): Promise<string> => {
  const error = await start(...how).then(
    () => 'started',
    (reason: unknown) => reason,
  )
  if (!(error instanceof EngineFailure)) throw error
  return `${error.reason}: ${error.message}`
}

test.for(['well', 'forks', 'forks-away', 'ignores-sigterm', 'holds-port', 'early', 'floods'])(
  'a server that starts so answers, and nothing of it is left: %s',
  { timeout: 30_000 },
  async (mode) => {
    const engine = await start(mode)
    const trial = trialOf(chatOf())
    await engine.prepare(trial)
    expect((await send(engine, trial)).outcome).toMatchObject({ status: 'ok' })
    expect(left()).toContain(engine.pid)
    await engine[Symbol.asyncDispose]()
    expect(left()).toEqual([])
    expect(engine.lost?.aborted).toBe(false)
  },
)

test('what a server computes with is known, without its port', async () => {
  await using engine = await start('well', { launch: { args: { threads: 2, 'no-mmap': true, mlock: false } } })
  expect(engine.facts).toMatchObject({
    version: 'b7',
    server: {
      command:
        'scripted-engine-server.mjs --model /models/m.gguf --alias m --host 127.0.0.1 --port PORT --metrics --device none --threads 2 --no-mmap --no-mlock',
      settings: { threads: 2, n_ctx: 512, slots: 4 },
    },
  })
})

test('of what a server says of itself nothing is kept that is secret, endless, or that a terminal obeys', async () => {
  vi.stubEnv('SERVED_TOKEN', 'hf_not-to-be-found')
  // oxlint-disable-next-line no-template-curly-in-string
  await using engine = await start('hostile', { launch: { env: { TOKEN: '${env:SERVED_TOKEN}' } } })
  const { version, server } = engine.facts
  for (const said of [version, server?.settings?.['file_type']])
    expect(said).toMatch(/^b7 \\u\{1b\}\]0;title\\u\{7\} \*\*\* x{150,200}…$/)
})

test('why a process within a server broke off is told before what came of that', async () => {
  expect(await failure('fails-within')).toMatchInlineSnapshot(
    `"out-of-memory: llama-server ended with code 1 before it was ready; first it said: Available memory (18.5 GiB) is less than desired (18.6 GiB); its log ends with: File "main.py", line 1 | File "main.py", line 1 | RuntimeError: Engine core initialization failed. See root cause above."`,
  )
})

test('why a server could not start is told in one line, and nothing is left', { timeout: 60_000 }, async () => {
  vi.stubEnv('SERVED_TOKEN', 'hf_not-to-be-found')
  const told = [
    await failure('fails'),
    await failure('in-use'),
    await failure('slow', { loadMs: 300 }),
    await failure('no-http', { loadMs: 8000 }),
    await failure('nonsense', { loadMs: 8000 }),
    // oxlint-disable-next-line no-template-curly-in-string
    await failure('tells-secret', { launch: { env: { TOKEN: '${env:SERVED_TOKEN}' } } }),
    // oxlint-disable-next-line no-template-curly-in-string
    await failure('well', { launch: { env: { TOKEN: '${env:NOT_SET_HERE}' } } }),
  ]
  expect(told.map((line) => line.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST'))).toMatchInlineSnapshot(`
    [
      "start-failed: llama-server ended with code 1 before it was ready; its log ends with: loading | error: unknown argument: --wrong \\u{1b}[31mred\\u{7}",
      "port-in-use: llama-server ended with code 1 before it was ready; its log ends with: bind: Address already in use",
      "load-timeout: llama-server was not ready within 300 ms",
      "malformed-response: http://HOST could not be asked for /health: Parse Error: Expected HTTP/, RTSP/ or ICE/",
      "malformed-response: GET /v1/models gave no list of models: <html>hello</html>",
      "start-failed: llama-server ended with code 1 before it was ready; its log ends with: token ***",
      "unauthorized: launch.env.TOKEN is \${env:NOT_SET_HERE}, and NOT_SET_HERE is not set: set it where benchbook runs",
    ]
  `)
  expect(left()).toEqual([])
  expect(readFileSync(join(folder, 'engine.log'), 'utf8')).not.toContain('hf_not-to-be-found')
})

test('a port that a file names and another program has is told before anything starts', async () => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const told = await failure('well', { launch: { port } })
  server.close()
  expect(told.replaceAll(String(port), 'PORT')).toMatchInlineSnapshot(
    `"port-in-use: port PORT of 127.0.0.1 is in use by another program: end that, or leave launch.port out for one that is free"`,
  )
  expect(left()).toEqual([])
})

test('a program that is not there is told', async () => {
  const told = await failure('well', { launch: { env: { PATH: '/nowhere' } } })
  expect(told).toMatchInlineSnapshot(
    `"start-failed: llama-server is not a program of this machine, or is a part of one that is not there (code 127) before it was ready; its log ends with: /usr/bin/env: ‘node’: No such file or directory"`,
  )
})

test('a folder is told to be no program', async () => {
  const told = await failure('well', { at: folder })
  expect(told.replaceAll(folder, 'FOLDER')).toMatchInlineSnapshot(
    `"start-failed: llama-server is no program that can be run here: a folder, or for another machine (code 126) before it was ready; its log ends with: /usr/bin/bash: line 1: FOLDER: Is a directory"`,
  )
})

test('of what was printed without an end the beginning and the end are kept', async () => {
  expect(await failure('floods-and-fails')).toMatch(/its log ends with: x{140,150}… \| error: at last$/)
  const log = readFileSync(join(folder, 'engine.log'), 'utf8')
  expect(log.length).toBeLessThan(6_000_000)
  expect(log).toMatch(/^first\nx+/)
  expect(log).toMatch(/\n\[\d+ bytes are not kept\]\nx+\nerror: at last\n$/)
})

test.for(['dies', 'dies-between'])('of a server that ends by itself the engine says how: %s', async (mode) => {
  await using engine = await start(mode)
  const trial = trialOf(chatOf(), { load: { kind: 'closed', clients: 1, requests: 9 } })
  await engine.prepare(trial)
  const outcomes = []
  for (let sent = 0; sent < 4; sent += 1) outcomes.push((await send(engine, trial)).outcome)
  expect(outcomes.slice(0, 3)).toEqual(Array.from({ length: 3 }, () => ({ status: 'ok', finish: 'length' })))
  expect(['connection-reset', 'closed-early']).toContain((outcomes[3] as { reason?: string }).reason)
  const lost = engine.lost as AbortSignal
  if (!lost.aborted) await once(lost, 'abort')
  expect(lost.reason).toMatchObject({ reason: 'crashed' })
  expect((lost.reason as Error).message).toBe(
    mode === 'dies'
      ? 'llama-server was ended by SIGKILL (the system ends a process so when memory runs out) while it was asked; its log ends with: main: n_threads = 2 | listening'
      : 'llama-server ended with code 7 while it was asked; its log ends with: main: n_threads = 2 | listening',
  )
  await engine[Symbol.asyncDispose]()
  expect(left()).toEqual([])
})
