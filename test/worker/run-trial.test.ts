import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { EngineFailure } from '../../lib/domain/backend.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { engineThat, now, ok, run, type Send, trial } from './scripted-engine.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

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

test('a request that a limit ended says what had come by then', async () => {
  const { rows } = await run(
    engineThat(async (_, __, signal) => ({ ...(await untilAborted(signal)), detail: '12 bytes had come' })),
  )
  expect(rows[0]?.outcome).toEqual({
    status: 'failed',
    reason: 'first-token-timeout',
    detail: 'no token came within 100 ms; 12 bytes had come',
  })
})

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

test('a stop that came before it began sends nothing', async () => {
  const { end, seen } = await run(
    engineThat(async () => ok),
    AbortSignal.abort(),
  )
  expect(end).toMatchObject({ status: 'failed', reason: 'stopped' })
  expect(seen).toEqual([])
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
