import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { pythonEngine } from '../../lib/backend/python-engine.ts'
import type { Engine } from '../../lib/domain/backend.ts'
import type { PythonConfig } from '../../lib/domain/backend-config.ts'
import type { Ns, RequestTimeline } from '../../lib/domain/timeline.ts'
import { windowQuality } from '../../lib/measure/window-quality.ts'
import { runTrial } from '../../lib/worker/run-trial.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { timerSleep } from '../../lib/worker/sleep-until.ts'
import { backendContract, type Subject } from '../backend/contract.ts'
import { lentEngine } from '../backend/lent-engine.ts'
import { pythonLaunch } from '../backend/python-launch.ts'
import { chatOf, completionOf, sampling, trialOf } from '../backend/wire-launch.ts'
import { yielding } from './yielding.ts'

const caches = join(process.env['XDG_CACHE_HOME'] || join(process.env['HOME'] ?? '', '.cache'), 'benchbook')
const python = {
  transformers: join(process.env['BENCHBOOK_PYTHON_ENV'] ?? join(caches, 'python'), 'bin/python'),
  'vllm-offline': join(process.env['BENCHBOOK_VLLM_ENV'] ?? join(caches, 'vllm'), 'bin/python'),
}
const folder = mkdtempSync(join(tmpdir(), 'benchbook-python-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let logs = 0

async function start(change: Partial<PythonConfig> & Pick<PythonConfig, 'kind'>, origin: Ns, path?: string) {
  const program = python[change.kind]
  if (!existsSync(program)) throw new Error(`${program} is not there: run bash test/system/setup.sh`)
  const launch = pythonLaunch(change, { python: program, ...(path !== undefined && { path }) })
  const engineLog = join(folder, `${(logs += 1)}.log`)
  return yielding(await pythonEngine.start(launch, { now, origin, log: () => {}, engineLog }))
}
// Quicker to start; what it leaves out matters to speed alone.
const eager = { kind: 'vllm-offline' as const, args: { enforce_eager: true } }

const prompts = ['def main():', 'import os'].map((text, index) => ({ id: `p${index + 1}`, text }))
const common = { prompts, sampling: { ...sampling, maxTokens: 24 }, output: 'fixed' as const }
const subject = {
  completion: completionOf(common),
  chat: chatOf(common),
  long: completionOf({ ...common, sampling: { ...sampling, maxTokens: 900 } }),
  impossible: { name: 'pp', kind: 'prefill-decode' as const, promptTokens: 16, outputTokens: 16, depth: 0, seed: 1 },
}

backendContract('transformers', {
  ...subject,
  start: (origin) => start({ kind: 'transformers', dtype: 'float32' }, origin),
})

describe('one vLLM for all', () => {
  const origin = now()
  let engine: Engine
  beforeAll(async () => void (engine = await start(eager, origin)), 300_000)
  afterAll(() => engine?.[Symbol.asyncDispose]())
  backendContract('vllm-offline', { ...subject, start: (from) => Promise.resolve(lentEngine(engine, origin - from)) })
  testsOf('vllm-offline', (from) => Promise.resolve(lentEngine(engine, origin - from)), 14.26)

  test('says what it computes with, and ends with all its processes', async () => {
    const { pid = Number.NaN, facts } = engine
    expect(facts).toMatchObject({
      threads: 1,
      contextSize: 1024,
      settings: { dtype: 'bfloat16', multiprocessing: '1', eager: true, kvCacheTokens: 524_288 },
    })
    expect(groupOf(pid).length).toBeGreaterThan(1)
    await engine[Symbol.asyncDispose]()
    await vi.waitFor(() => expect(groupOf(pid)).toEqual([]), { timeout: 10_000 })
  })
})

/** The processes of a group that run. */
function groupOf(leader: number): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const [state, , group] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
      return state !== 'Z' && Number(group) === leader
    } catch {
      return false // no process, or one that has ended
    }
  })
}

testsOf('transformers', (origin) => start({ kind: 'transformers', dtype: 'float32' }, origin), 14.2605)

async function measured(engine: Engine, trial: ReturnType<typeof trialOf>) {
  const requests: RequestTimeline[] = []
  const onRequest = (_: number, request: RequestTimeline) => void requests.push(request)
  const { signal } = new AbortController()
  const { end } = await runTrial(trial, { engine, now, origin: 0, sleepUntil: timerSleep(now), onRequest, signal })
  return { end, requests }
}

function testsOf(name: string, startOne: Subject['start'], expected: number) {
  describe(`${name} in Python`, () => {
    let engine: Engine
    beforeAll(async () => void (engine = await startOne(0)), 300_000)
    afterAll(() => engine?.[Symbol.asyncDispose]())

    test('goes on with a conversation', async () => {
      const talk = { id: 'talk', text: 'Hello', followUps: ['And?', 'Bye'] }
      const workload = chatOf({ ...common, prompts: [talk] })
      const load = { kind: 'closed' as const, clients: 1, requests: 3 }
      const { requests } = await measured(engine, trialOf(workload, { load }))
      expect(requests.map(({ outcome }) => outcome.status)).toEqual(['ok', 'ok', 'ok'])
      const [first, second] = requests
      expect(second?.promptTokens).toBeGreaterThan((first?.promptTokens ?? 0) + (first?.outputTokens ?? 0))
    })

    test("has the demo model's perplexity", async () => {
      const text = { id: 'held-out', text: readFileSync('data/models/demo/held-out.txt', 'utf8') }
      const workload = { name: 'ppl', kind: 'perplexity' as const, text, context: 512 }
      const load = { kind: 'closed' as const, clients: 1, requests: 1 }
      const { end, requests } = await measured(engine, trialOf(workload, { load }))
      expect(end).toEqual({ status: 'ok' })
      const { value = Number.NaN, n } = windowQuality(requests).perplexity ?? {}
      expect(n).toBe(13_770)
      expect(value).toBeCloseTo(expected, expected === 14.2605 ? 3 : 1)
    })

    test('ends before a text to stop at, and at the end of an answer', async () => {
      const stop = completionOf({
        ...common,
        sampling: { ...common.sampling, stop: ['import'] },
        prompts: [prompts[1]!],
      })
      const { requests } = await measured(engine, trialOf(stop))
      expect(requests[0]).toMatchObject({ outcome: { status: 'ok', finish: 'stop' }, output: '\n' })
      const chat = chatOf({ ...common, output: 'natural', sampling: { ...sampling, maxTokens: 200 } })
      const [answer] = (await measured(engine, trialOf(chat))).requests
      expect(answer).toMatchObject({ outcome: { status: 'ok', finish: 'stop' } })
      expect(answer?.output).not.toContain('<|')
      expect(answer?.events?.deltasUs.length).toBe(answer?.outputTokens)
    })

    test('repeats what it draws for one seed', async () => {
      const drawn = completionOf({ ...common, sampling: { ...common.sampling, temperature: 0.8 } })
      const load = { kind: 'closed' as const, clients: 1, requests: 4 }
      const { requests } = await measured(engine, trialOf(drawn, { load }))
      for (const { id } of prompts)
        expect(new Set(requests.filter(({ promptId }) => promptId === id).map(({ output }) => output)).size).toBe(1)
    })
  })
}

const failing = (change: Partial<PythonConfig>, path?: string) =>
  start({ kind: 'transformers', ...change }, 0, path).then(
    () => 'started',
    (error: { reason: string; message: string }) => `${error.reason}: ${error.message}`,
  )

describe('an engine in Python that cannot start', () => {
  test('says which argument it does not take', async () => {
    expect(await failing({ args: { hidden_speed: 3 } })).toMatch(
      /^start-failed: backend\.args has what transformers does not take: .*'hidden_speed'/,
    )
  })

  test('says what a process of its own broke off for', async () => {
    const args = { enforce_eager: true, kv_cache_memory_bytes: 2 ** 40 }
    expect(await failing({ kind: 'vllm-offline', args })).toMatch(
      /^out-of-memory: vLLM did not start: Available memory/,
    )
  })

  test('says that the model is no folder of Hugging Face', async () => {
    expect(await failing({}, 'data/models/demo/demo-f16.gguf')).toMatch(/^artifact-missing: .*no config\.json/)
  })

  test('says that the context is longer than that of the model', async () => {
    expect(await failing({ contextSize: 4096 })).toMatchInlineSnapshot(
      `"context-overflow: backend.contextSize is 4096, the model has 2048: lower it"`,
    )
  })
})
