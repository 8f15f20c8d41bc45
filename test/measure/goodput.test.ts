import { expect, test } from 'vitest'
import type { LoadConfig } from '../../lib/domain/cell.ts'
import type { Objectives } from '../../lib/domain/plan.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { deriveTrial } from '../../lib/measure/derive-trial.ts'
import { completion, failed, window, without } from './requests.ts'

const derive = (objectives: Objectives | undefined, requests: readonly RequestTimeline[], load?: LoadConfig) => {
  const { goodput, goodput_share } = deriveTrial({
    requests,
    memory: [],
    ...(objectives && { objectives }),
    ...(load && { load }),
  })
  return { goodput, goodput_share }
}
// Of a client that sends one after the other: TTFT and time per token in milliseconds.
const sent = (atMs: number, ttftMs: number, tpotMs: number, change: Partial<RequestTimeline> = {}) =>
  completion({
    scheduledUs: atMs * 1000,
    sentUs: atMs * 1000,
    doneUs: 1_000_000,
    events: { deltasUs: [ttftMs * 1000, tpotMs * 1000, tpotMs * 1000] },
    ...change,
  })
const cutOff = { status: 'failed', reason: 'cut-off', detail: 'in flight at the end' } as const

test('a good request meets every objective, and just meeting one is meeting it', () => {
  const requests = [sent(0, 100, 20), sent(1000, 101, 20), sent(2000, 100, 21), sent(3000, 90, 10)]
  expect(derive({ ttft_ms: 100, tpot_ms: 20 }, requests)).toEqual({
    goodput: { value: 0.5, n: 2 }, // two in the four seconds until the client idles
    goodput_share: { value: 0.5, n: 4 },
  })
})

test('without objectives there is no goodput', () => {
  expect(derive(undefined, [sent(0, 100, 20)])).toEqual({ goodput: undefined, goodput_share: undefined })
})

test('what is no completion has no goodput', () => {
  expect(derive({ ttft_ms: 1 }, [window('w', [1, 2])]).goodput_share).toBeUndefined()
})

test('a failed request has missed, one that the client cut off before anything could be said counts nowhere', () => {
  const requests = [
    sent(0, 1, 1),
    sent(1000, 1, 1, { outcome: failed }),
    without(sent(2000, 1, 1, { outcome: cutOff, doneUs: 99_000 }), 'events'),
  ]
  expect(derive({ ttft_ms: 100 }, requests).goodput_share).toEqual({ value: 0.5, n: 2 })
})

test('a request without a metric that has an objective has missed it', () => {
  const noTokens = without(sent(0, 1, 1), 'events')
  expect(derive({ ttft_ms: 100 }, [noTokens, sent(1000, 1, 1)]).goodput_share).toEqual({ value: 0.5, n: 2 })
})

test('an answer of one token has no time per further token to miss; one that failed, or of unknown length, has missed', () => {
  const objectives = { ttft_ms: 100, tpot_ms: 20, icl_ms: 20 }
  const one = sent(0, 100, 1, { outputTokens: 1, events: { deltasUs: [100_000] } })
  const unknown = without({ ...one, events: { deltasUs: [100_000], characters: [3] } }, 'outputTokens')
  const manyInOne: RequestTimeline = { ...one, outputTokens: 9, events: { deltasUs: [100_000], characters: [40] } }
  const share = (request: RequestTimeline) => derive(objectives, [request]).goodput_share?.value
  expect([one, { ...one, outcome: failed }, unknown, manyInOne].map(share)).toEqual([1, 0, 0, 0])
  expect(derive({ ttft_ms: 99, tpot_ms: 20 }, [one]).goodput_share?.value).toBe(0)
})

test('none good is a goodput of 0, which is a value', () => {
  expect(derive({ ttft_ms: 1 }, [sent(0, 100, 20)])).toEqual({
    goodput: { value: 0, n: 0 },
    goodput_share: { value: 0, n: 1 },
  })
})

test('an objective means the metric that it names: only that from the schedule sees a request that left late', () => {
  const late = [sent(500, 100, 20, { scheduledUs: 0 })]
  expect(derive({ ttft_ms: 200 }, late).goodput_share?.value).toBe(1)
  expect(derive({ ttft_scheduled_ms: 200 }, late).goodput_share?.value).toBe(0)
})

test('what ends after a duration is good, and not inside its window', () => {
  const load: LoadConfig = { kind: 'closed', clients: 1, durationMs: 2000 }
  const requests = [sent(0, 1, 1), sent(1500, 1, 1)]
  expect(derive({ ttft_ms: 100 }, requests, load)).toEqual({
    goodput: { value: 0.5, n: 1 },
    goodput_share: { value: 1, n: 2 },
  })
})
