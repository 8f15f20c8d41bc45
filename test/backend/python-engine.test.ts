import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { pythonEngineWith } from '../../lib/backend/python-engine.ts'
import type { Engine, EngineFailure, EngineRequest } from '../../lib/domain/backend.ts'
import type { PythonConfig } from '../../lib/domain/backend-config.ts'
import { isAlive } from '../../lib/shell/process-id.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { pythonLaunch } from './python-launch.ts'
import { chatOf, completionOf, trialOf } from './wire-launch.ts'

const folder = mkdtempSync(join(tmpdir(), 'benchbook-fake-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const engineLog = join(folder, 'engine.log')
const lines: string[] = []

/** A script that speaks the protocol in place of the engine; what it does follows from the model's path. */
const started = (path: string, change: Partial<PythonConfig> = {}, python = 'python3'): Promise<Engine> =>
  pythonEngineWith('test/backend/fake-engine.py').start(
    pythonLaunch({ kind: 'transformers', ...change }, { python, path }),
    { now, origin: 0, log: (line) => lines.push(line), engineLog },
  )
const failure = (path: string, change?: Partial<PythonConfig>, python?: string) =>
  started(path, change, python).then(
    () => 'started',
    ({ reason, message }: EngineFailure) => `${reason}: ${message}`,
  )

const trial = trialOf(completionOf())
const requestOf = (change: Partial<EngineRequest> = {}): EngineRequest => {
  const first = { index: 0, job: 0, client: 0, scheduled: now() }
  return { trial, phase: 'measured', ...first, ...change }
}
const ask = (engine: Engine, change?: Partial<EngineRequest>) =>
  engine.send(requestOf(change), () => {}, new AbortController().signal)

describe('an engine in Python that starts', () => {
  test('becomes a timeline with the tokens of each event, and tells of each', async () => {
    await using engine = await started('works')
    await engine.prepare(trial)
    const seen: number[] = []
    const timeline = await engine.send(requestOf(), (at) => seen.push(at), new AbortController().signal)
    expect(timeline).toMatchObject({
      promptId: 'p1',
      outcome: { status: 'ok', finish: 'length' },
      promptTokens: 4,
      outputTokens: 3,
      tokensFrom: 'engine',
      doneUs: 9,
      events: { deltasUs: [1, 4], tokens: [1, 2] },
    })
    expect(seen).toHaveLength(2)
  })

  test('says what it is', async () => {
    await using engine = await started('works', { dtype: 'float16', threads: 3 })
    expect(engine.facts).toMatchObject({
      name: 'Transformers',
      version: '5',
      build: 'torch 2, Python 3',
      threads: 3,
      settings: { dtype: 'float16' },
    })
    expect(engine.pid).toBeGreaterThan(1)
  })

  test('goes on with all that was said before in a conversation', async () => {
    await using engine = await started('works')
    const prompts = [{ id: 'talk', text: 'Hello', followUps: ['And?'] }]
    await engine.prepare(trialOf(chatOf({ prompts, system: 'Be brief.' })))
    const { output } = await ask(engine)
    const second = await ask(engine, { job: 1 })
    expect(JSON.parse(second.output ?? '')).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: output },
      { role: 'user', content: 'And?' },
    ])
    const third = await ask(engine, { job: 1 })
    expect(third.outcome).toMatchObject({ status: 'failed', reason: 'cut-off' })
  })

  test('counts its times from a clock of its own where it has one', async () => {
    await using engine = await started('works', { env: { OTHER_CLOCK: '1' } })
    await engine.prepare(trial)
    const before = now() / 1000
    const { sentUs } = await ask(engine)
    expect(Math.abs(sentUs - before)).toBeLessThan(60e6)
    expect(lines.at(-2)).toMatch(/^Python's clock is another: its times are moved by -/)
  })

  test('refuses what it cannot do before anything is sent', async () => {
    await using engine = await started('works')
    const workload = {
      name: 'pp',
      kind: 'prefill-decode' as const,
      promptTokens: 1,
      outputTokens: 1,
      depth: 0,
      seed: 1,
    }
    await expect(engine.prepare(trialOf(workload))).rejects.toMatchObject({ reason: 'request-refused' })
  })
})

describe('an engine in Python that fails', () => {
  // oxlint-disable-next-line no-template-curly-in-string
  const env = { TOKEN: '${env:FAKE_TOKEN}' }

  test('says its secrets nowhere that is kept, nor what a terminal obeys, nor where its user lives', async () => {
    vi.stubEnv('FAKE_TOKEN', 'hf_not-to-be-found')
    expect(await failure('tells', { env })).toMatchInlineSnapshot(
      `"crashed: the engine in Python ended with code 1: the token is *** in ~/x"`,
    )
    const engine = await started('fails', { env })
    await engine.prepare(trial)
    expect((await ask(engine)).outcome).toMatchInlineSnapshot(`
      {
        "detail": "\\u{1b}[31m***",
        "reason": "engine-error",
        "status": "failed",
      }
    `)
    await engine[Symbol.asyncDispose]()
    vi.unstubAllEnvs()
    expect(readFileSync(engineLog, 'utf8')).toContain('asked with ***')
    expect(readFileSync(engineLog, 'utf8')).not.toContain('hf_not-to-be-found')
  })

  test('is not there', async () => {
    expect(await failure('works', {}, '/nowhere/python')).toMatchInlineSnapshot(
      `"start-failed: there is no /nowhere/python here: pip install torch transformers, and name its Python in programs of data/lab.yaml"`,
    )
  })

  test('refuses to start, in its own words', async () => {
    expect(await failure('refuses')).toMatchInlineSnapshot(`"start-failed: no module torch: pip install torch"`)
  })

  test('exits while it loads', async () => {
    expect(await failure('exits')).toMatchInlineSnapshot(
      `"crashed: the engine in Python ended with code 3: ValueError: the last line of the log"`,
    )
    expect(readFileSync(engineLog, 'utf8')).toContain('the last line of the log')
  })

  test('lacks a variable that its environment refers to', async () => {
    expect(await failure('works', { env: { HF_TOKEN: '${env:NOT_SET_ANYWHERE}' } })).toMatchInlineSnapshot(
      `"unauthorized: backend.env.HF_TOKEN is \${env:NOT_SET_ANYWHERE}, and NOT_SET_ANYWHERE is not set: set it where benchbook runs"`,
    )
  })

  test.each([
    ['dies', 'crashed', 'the engine in Python ended by SIGKILL'],
    ['babbles', 'engine-error', 'the engine in Python said what is no message: Loading weights: 100%'],
    ['breaks', 'out-of-memory', 'vLLM broke off: out of memory'],
    [
      'breaks off: torch.OutOfMemoryError: CUDA out of memory',
      'out-of-memory',
      'vLLM broke off: CUDA out of memory: ask for less (contextSize,',
    ],
  ])('%s in a request, which is an outcome, and so is the next', async (how, reason, detail) => {
    await using engine = await started(how)
    await engine.prepare(trial)
    for (let i = 0; i < 2; i += 1)
      expect((await ask(engine)).outcome).toMatchObject({
        status: 'failed',
        reason,
        detail: expect.stringContaining(detail),
      })
    await expect(engine.prepare(trial)).rejects.toMatchObject({ reason })
  })
})

test('a window with a token that cannot be is a failure of that request, and no message that cannot be read', () => {
  const script = `
import runpy
engine = runpy.run_path('lib/backend/python-engine.py', run_name='engine')
class Told:
    stopped = False
    def failed(self, *why): print(*why)
engine['Transformers'].scored(Told(), [1.0, float('inf')])
`
  const { stdout } = spawnSync('python3', ['-B', '-c', script], { encoding: 'utf8' })
  expect(stdout).toBe('engine-error the engine gave no probability for a token of a window\n')
})

test('an engine in Python ends when the process is killed that has it', async () => {
  const owner = spawn(process.execPath, ['test/backend/python-owner.ts'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string]
  const engine = { pid: Number(line) }
  expect(isAlive(engine)).toBe(true)
  owner.kill('SIGKILL')
  await vi.waitFor(() => expect(isAlive(engine)).toBe(false), { timeout: 30_000 })
})
