import { afterEach, beforeEach, expect, test, vi } from 'vitest'
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
