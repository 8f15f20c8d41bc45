import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { generateRandomModel } from '../../lib/artifact/generate-random-model.ts'
import { randomModel } from '../../lib/artifact/random-model.ts'
import { llamaCpp } from '../../lib/backend/llama-cpp.ts'
import type { Engine } from '../../lib/domain/backend.ts'
import type { ChatWorkload, Sampling } from '../../lib/domain/cell.ts'
import type { LlamaCppConfig } from '../../lib/domain/backend-config.ts'
import type { LaunchSpec, TrialSpec } from '../../lib/domain/launch.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { runTrial } from '../../lib/worker/run-trial.ts'
import { timerSleep } from '../../lib/worker/sleep-until.ts'
import { smallestEngine } from '../embedded.ts'

let folder = ''
let path = ''
const { bytes, description, digest } = randomModel(5e6, 'f16')
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'benchbook-engine-'))
  path = join(folder, 'model.gguf')
  await generateRandomModel(randomModel(5e6, 'f16'), path)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const sampling: Sampling = { temperature: 0, topK: 40, topP: 0.95, minP: 0.05, seed: 42, maxTokens: 24 }
const texts = ['Hello', 'Größe ☃', 'tell me a story of a road', 'a', '1 2 3 4 5 6 7']
const prompts = texts.map((text, index) => ({ id: `p${index + 1}`, text }))
const chat = (change: Partial<ChatWorkload> = {}): ChatWorkload => ({
  name: 'chat',
  kind: 'chat',
  prompts,
  sampling,
  output: 'fixed',
  ...change,
})

async function startEngine(): Promise<Engine> {
  const launch: LaunchSpec<LlamaCppConfig> = {
    version: 1,
    launchId: 1,
    planId: 'plan',
    device: 'local-cpu',
    attempt: 1,
    backend: smallestEngine,
    hardware: { name: 'local', target: 'local', needs: { accelerator: 'cpu' } },
    model: 'random-5m',
    source: { kind: 'random', parameters: 5e6, type: 'f16' },
    artifact: { digest, path, bytes, description },
    trials: [],
  }
  return llamaCpp.start(launch, { now, origin: now(), log: () => {} })
}

const trialOf = (workload: TrialSpec['workload'], load: TrialSpec['load']): TrialSpec => ({
  trialId: 1,
  cellId: 'cell',
  workload,
  load,
  warmup: { requests: 1 },
  limits: { loadMs: 60_000, firstTokenMs: 60_000, stallMs: 60_000, trialMs: 300_000, retries: 0 },
  orderSeed: 7,
})

async function measured(engine: Engine, trial: TrialSpec) {
  const requests: RequestTimeline[] = []
  const signal = new AbortController().signal
  const onRequest = (_: number, request: RequestTimeline) => requests.push(request)
  const { end } = await runTrial(trial, {
    engine,
    now,
    origin: 0,
    sleepUntil: timerSleep(now),
    onRequest,
    signal,
  })
  return { end, requests: requests.filter(({ phase }) => phase === 'measured'), all: requests }
}

describe('the embedded engine', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await startEngine()
  })
  afterAll(() => engine[Symbol.asyncDispose]())

  test('warms every client up, and has counters of its own for one client only', async () => {
    const alone = await measured(engine, trialOf(chat(), { kind: 'closed', clients: 1, requests: 5 }))
    const four = await measured(engine, trialOf(chat(), { kind: 'closed', clients: 4, requests: 5 }))
    expect(new Set(four.requests.map(({ client }) => client)).size).toBe(4)
    const warmed = four.all.filter(({ phase }) => phase === 'warmup').map(({ client }) => client)
    expect(new Set(warmed)).toEqual(new Set([0, 1, 2, 3]))
    expect(alone.requests.every(({ engine: counters }) => counters?.decodeMs !== undefined)).toBe(true)
    expect(four.requests.some((request) => 'engine' in request)).toBe(false)
  })

  test('stamps the events of clients while they come, not one client after the other', async () => {
    const trial = trialOf(chat(), { kind: 'closed', clients: 2, requests: 2 })
    await engine.prepare(trial)
    const came: number[] = []
    const send = (client: number) => {
      const request = { trial, index: client, job: client, phase: 'measured' as const, client, scheduled: now() }
      return engine.send(request, () => came.push(client), new AbortController().signal)
    }
    // In one turn, so that neither has a start over the other, however slow the machine is.
    const requests = await Promise.all([send(0), send(1)])
    for (const [one, other] of [
      [0, 1],
      [1, 0],
    ] as const)
      expect(came.indexOf(one)).toBeLessThan(came.lastIndexOf(other))
    const [a, b] = requests.map(({ sentUs, events }) => ({
      from: sentUs + (events?.deltasUs[0] ?? 0),
      to: sentUs + (events?.deltasUs.reduce((sum, delta) => sum + delta, 0) ?? 0),
    })) as [Span, Span]
    expect(Math.min(a.to, b.to)).toBeGreaterThan(Math.max(a.from, b.from))
    expect(requests.map(({ events }) => events?.deltasUs.length)).toEqual([24, 24])
  })

  test('ends an output before a stop that several tokens write', async () => {
    const whole = await measured(engine, trialOf(chat({ prompts: prompts.slice(2, 3) }), one))
    const output = whole.requests[0]?.output ?? ''
    const stop = output.slice(6, 11)
    const before = output.slice(0, output.indexOf(stop))
    const workload = chat({ prompts: prompts.slice(2, 3), output: 'natural', sampling: { ...sampling, stop: [stop] } })
    const [request] = (await measured(engine, trialOf(workload, one))).requests
    expect(request).toMatchObject({ outcome: { status: 'ok', finish: 'stop' }, output: before })
    expect(request?.outputTokens).toBeLessThan(24)
    expect(request?.events?.deltasUs).toHaveLength(request?.outputTokens ?? -1)
  })

  test('a load with a duration cuts off what is in flight, and keeps what had come', async () => {
    const long = chat({ prompts, sampling: { ...sampling, maxTokens: 150 } })
    const { end, requests } = await measured(engine, trialOf(long, { kind: 'closed', clients: 2, durationMs: 1500 }))
    const cut = requests.filter(({ outcome }) => outcome.status === 'failed')
    expect(end).toEqual({ status: 'ok' })
    // A client may just be between two requests.
    expect(cut.length).toBeGreaterThan(0)
    expect(new Set(cut.map(({ client }) => client)).size).toBe(cut.length)
    for (const { outcome } of cut) expect(outcome).toMatchObject({ reason: 'cut-off' })
    const endsUs = Math.min(...requests.map(({ sentUs }) => sentUs)) + 1_500_000
    for (const { sentUs, doneUs, events, outputTokens } of cut) {
      expect(sentUs + doneUs).toBeGreaterThanOrEqual(endsUs)
      expect(events?.deltasUs).toHaveLength(outputTokens ?? -1)
    }
  })

  test('a prompt that does not fit beside its output is a failed trial', async () => {
    const tooLong = chat({ prompts: [{ id: 'long', text: 'word '.repeat(200) }] })
    const { end } = await measured(engine, trialOf(tooLong, one))
    expect(end).toMatchObject({ status: 'failed', reason: 'context-overflow' })
  })
})

type Span = { from: number; to: number }
const one = { kind: 'closed', clients: 1, requests: 1 } as const
