import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Engine, EngineFailure, type EngineRequest, type OnContent } from '../../lib/domain/backend.ts'
import type { TrialSpec } from '../../lib/domain/launch.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { runTrial } from '../../lib/worker/run-trial.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const trial: TrialSpec = {
  trialId: 7,
  cellId: 'cell',
  workload: { name: 'decode', kind: 'prefill-decode', promptTokens: 0, outputTokens: 8, depth: 0, seed: 1 },
  load: { kind: 'closed', clients: 1, requests: 3 },
  warmup: { requests: 1 },
  limits: { loadMs: 1000, firstTokenMs: 100, stallMs: 50, trialMs: 10_000, retries: 0 },
  orderSeed: 1,
}
const now = () => performance.now() * 1e6
const ok: RequestTimeline['outcome'] = { status: 'ok', finish: 'length' }
type Send = (request: EngineRequest, onContent: OnContent, signal: AbortSignal) => Promise<RequestTimeline['outcome']>

function engineThat(send: Send, prepare?: () => never): Engine {
  return {
    facts: {} as Engine['facts'],
    prepare: async () => prepare?.() ?? { requests: 3, jobs: [{ promptId: 'tg8', part: 'decode' }] },
    async send(request, onContent, signal) {
      const outcome = await send(request, onContent, signal)
      const { phase, client } = request
      return { promptId: 'tg8', part: 'decode', phase, client, outcome, scheduledUs: 0, sentUs: 0, doneUs: 0 }
    },
    [Symbol.asyncDispose]: async () => {},
  }
}

async function run(engine: Engine, signal = new AbortController().signal, spec = trial) {
  const seen: string[] = []
  const onRequest = (index: number, { phase, outcome }: RequestTimeline) =>
    seen.push(`${index} ${phase} ${outcome.status === 'ok' ? 'ok' : outcome.reason}`)
  const running = runTrial(spec, { engine, now, origin: 0, onRequest, signal })
  await vi.runAllTimersAsync()
  return { ...(await running), seen }
}

const never = () => new Promise<never>(() => {})
const untilAborted = (signal: AbortSignal): Promise<RequestTimeline['outcome']> =>
  new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve({ status: 'failed', reason: 'stopped', detail: '' })),
  )

test('warm-up comes first, and each phase numbers its own requests', async () => {
  const { end, seen } = await run(engineThat(async () => ok))
  expect(end).toEqual({ status: 'ok' })
  expect(seen).toEqual(['0 warmup ok', '0 measured ok', '1 measured ok', '2 measured ok'])
})

test('a request to which nothing comes has failed, and the trial goes on', async () => {
  const { end, engine, seen } = await run(
    engineThat(({ index, phase }, _, signal) =>
      phase === 'measured' && index === 0 ? untilAborted(signal) : Promise.resolve(ok),
    ),
  )
  expect({ end, engine }).toEqual({ end: { status: 'ok' }, engine: 'usable' })
  expect(seen).toEqual(['0 warmup ok', '0 measured first-token-timeout', '1 measured ok', '2 measured ok'])
})

test('a request that stops coming has stalled', async () => {
  const { seen } = await run(
    engineThat(async (_, onContent, signal) => {
      onContent(now())
      return untilAborted(signal)
    }),
  )
  expect(seen).toEqual(['0 warmup stall', '0 measured stall', '1 measured stall', '2 measured stall'])
})

const slow: Send = async (_, onContent) => {
  for (let i = 0; i < 10; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 45))
    onContent(now())
  }
  return ok
}

test('slow content within the limits is no stall', async () => {
  expect((await run(engineThat(slow))).end).toEqual({ status: 'ok' })
})

test('a trial without one good request has failed with the reason of the first', async () => {
  const { end } = await run(
    engineThat(async ({ index }) => ({ status: 'failed', reason: 'engine-error', detail: `decode ${index} failed` })),
  )
  expect(end).toEqual({ status: 'failed', reason: 'engine-error', detail: 'decode 0 failed' })
})

test('a trial past its time ends, its last request with it', async () => {
  const { end, seen } = await run(
    engineThat((_, onContent, signal) => {
      const timer = setInterval(() => onContent(now()), 10)
      return untilAborted(signal).finally(() => clearInterval(timer))
    }),
    undefined,
    { ...trial, limits: { ...trial.limits, trialMs: 500, retries: 0 } },
  )
  expect(end).toMatchObject({ reason: 'trial-timeout', detail: 'the trial did not end within 500 ms' })
  expect(seen).toEqual(['0 warmup trial-timeout'])
})

test('an engine that does not even stop is not used again', async () => {
  const { end, engine, seen } = await run(engineThat(never))
  expect(engine).toBe('stuck')
  expect(end).toMatchObject({ status: 'failed', reason: 'first-token-timeout' })
  expect(seen).toEqual(['0 warmup first-token-timeout'])
})

test('a workload that does not fit is a failed trial of a usable engine', async () => {
  const result = await run(
    engineThat(
      async () => ok,
      () => {
        throw new EngineFailure('context-overflow', 'needs 9 tokens')
      },
    ),
  )
  expect(result).toMatchObject({ engine: 'usable', end: { reason: 'context-overflow', detail: 'needs 9 tokens' } })
})

test('every client warms up before anything is measured', async () => {
  const spec = { ...trial, load: { kind: 'closed', clients: 2, requests: 3 }, warmup: { requests: 2 } } as const
  const clients: string[] = []
  const { seen } = await run(
    engineThat(async ({ client, phase }) => {
      clients.push(`${phase} ${client}`)
      await new Promise((resolve) => setTimeout(resolve, 1))
      return ok
    }),
    undefined,
    spec,
  )
  expect(clients.slice(0, 4).toSorted()).toEqual(['warmup 0', 'warmup 0', 'warmup 1', 'warmup 1'])
  expect(seen).toHaveLength(4 + 3)
})

const lasting = (durationMs: number, clients = 1): TrialSpec => ({
  ...trial,
  load: { kind: 'closed', clients, durationMs },
})
const endless = (send: Send): Engine => ({
  ...engineThat(send),
  prepare: async () => ({ requests: Number.POSITIVE_INFINITY, jobs: [{ promptId: 'tg8', part: 'decode' }] }),
})
const taking =
  (ms: number): Send =>
  (_, onContent, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve(ok), ms)
      onContent(now())
      signal.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve({ status: 'failed', reason: 'stopped', detail: '' })
      })
    })
const flaky: Send = ({ index }) =>
  new Promise((resolve) =>
    setTimeout(() => resolve(index % 2 === 0 ? { status: 'failed', reason: 'engine-error', detail: 'no' } : ok), 1),
  )
const stubborn: Send = () => new Promise((resolve) => setTimeout(() => resolve(ok), 30))
const slowPrefill: Send = ({ phase }, _, signal) =>
  phase === 'warmup'
    ? Promise.resolve(ok)
    : new Promise((resolve) =>
        signal.addEventListener('abort', () =>
          setTimeout(() => resolve({ status: 'failed', reason: 'stopped', detail: '' }), 5000),
        ),
      )

describe('a load with a duration', () => {
  test('sends until it ends, and cuts off what is in flight then', async () => {
    const { end, seen } = await run(endless(taking(30)), undefined, lasting(100))
    expect(end).toEqual({ status: 'ok' })
    expect(seen).toEqual(['0 warmup ok', '0 measured ok', '1 measured ok', '2 measured ok', '3 measured cut-off'])
  })

  test('counts from the first measured request, not from the warm-up', async () => {
    const sent: number[] = []
    const from = now()
    await run(
      endless((...args) => {
        sent.push((now() - from) / 1e6)
        return taking(40)(...args)
      }),
      undefined,
      lasting(100),
    )
    expect(sent.map(Math.round)).toEqual([0, 40, 80, 120])
  })

  test('is no failure of a client that ends its answer all the same', async () => {
    const { seen } = await run(endless(stubborn), undefined, lasting(40))
    expect(seen).toEqual(['0 warmup ok', '0 measured ok', '1 measured ok'])
  })

  test('in which no request ends is a failed trial that says so', async () => {
    const spec = { ...lasting(50, 2), warmup: { requests: 0 } }
    const { end, seen } = await run(endless(taking(80)), undefined, spec)
    expect(seen).toEqual(['0 measured cut-off', '1 measured cut-off'])
    expect(end).toEqual({
      status: 'failed',
      reason: 'cut-off',
      detail: "no request ended within the load's 50 ms: raise load.duration, or ask for less",
    })
  })

  test('waits for an engine that takes its prompt in, as long as the limits of the request allow', async () => {
    const limits = { ...trial.limits, firstTokenMs: 9000 }
    const { engine, seen } = await run(endless(slowPrefill), undefined, { ...lasting(50), limits })
    expect([engine, seen]).toEqual(['usable', ['0 warmup ok', '0 measured cut-off']])
  })

  test('does not go on with an engine that refuses everything at once', async () => {
    const { end, seen } = await run(
      endless(async () => ({ status: 'failed', reason: 'engine-error', detail: 'no' })),
      undefined,
      lasting(5000),
    )
    expect(end).toMatchObject({ status: 'failed', reason: 'engine-error' })
    expect(seen).toHaveLength(100)
  })

  test('goes on with an engine that refuses now and then, however often in all', async () => {
    const { end, seen } = await run(endless(flaky), undefined, lasting(500))
    expect(end).toEqual({ status: 'ok' })
    expect(seen.filter((line) => line.endsWith('engine-error')).length).toBeGreaterThan(200)
  })
})

test('a stop ends the request that runs', async () => {
  const abort = new AbortController()
  const { end } = await run(
    engineThat((_, onContent, signal) => {
      onContent(now())
      setTimeout(() => abort.abort(), 5)
      return untilAborted(signal)
    }),
    abort.signal,
  )
  expect(end).toMatchObject({ status: 'failed', reason: 'stopped' })
})
