import { expect, test } from 'vitest'
import { encodeTimes } from '../../lib/domain/event-times.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'
import type { Channel } from '../../lib/domain/timeline.ts'
import { deriveRequest } from '../../lib/measure/derive-request.ts'
import { eventTimesUs } from '../../lib/measure/event-times.ts'
import { completion, failed, window, without } from './requests.ts'

test('a completion has the metrics that its times and tokens give', () => {
  expect(deriveRequest(completion())).toEqual({
    ttft_ms: 100,
    ttft_scheduled_ms: 110,
    ttfot_ms: 100,
    icl_ms: 25,
    tpot_ms: 25,
    decode_tps: 40,
    e2e_ms: 150,
    e2e_scheduled_ms: 160,
    request_tps: 20,
    prefill_tps: 625,
    engine_decode_tps: 50,
  })
})

test('a failed request has no metrics', () => {
  expect(deriveRequest(completion({ outcome: failed }))).toEqual({})
})

test('one token has no time per output token', () => {
  const metrics = deriveRequest(completion({ outputTokens: 1, events: { deltasUs: [100_000] } }))
  expect(metrics).toMatchObject({ ttft_ms: 100, e2e_ms: 100, request_tps: 10 })
  expect(metrics).not.toHaveProperty('tpot_ms')
  expect(metrics).not.toHaveProperty('decode_tps')
  expect(metrics).not.toHaveProperty('icl_ms')
})

test('the tokens of the first chunk are not decoded after it', () => {
  const events = { deltasUs: [100_000, 60_000], tokens: [3, 4] }
  expect(deriveRequest(completion({ outputTokens: 7, events }))).toMatchObject({ tpot_ms: 15, icl_ms: 60 })
})

test('where the engine does not say, tokens are spread over chunks by their characters', () => {
  const events = { deltasUs: [100_000, 60_000], characters: [10, 30] }
  expect(deriveRequest(completion({ outputTokens: 8, events })).tpot_ms).toBeCloseTo(10, 12)
})

test('as many tokens as chunks are one each, whatever their characters', () => {
  const events = { deltasUs: [100_000, 60_000], characters: [10, 30] }
  expect(deriveRequest(completion({ outputTokens: 2, events })).tpot_ms).toBe(60)
})

test('without the number of tokens there are times and no token rates', () => {
  const events = { deltasUs: [100_000, 60_000], characters: [10, 30] }
  const request = without(without(completion({ events }), 'outputTokens'), 'engine')
  expect(Object.keys(deriveRequest(request))).toEqual([
    'ttft_ms',
    'ttft_scheduled_ms',
    'ttfot_ms',
    'e2e_ms',
    'e2e_scheduled_ms',
    'icl_ms',
  ])
})

test("without the engine's prompt time there is no prefill rate", () => {
  expect(deriveRequest(completion({ engine: { promptTokens: 50 } }))).not.toHaveProperty('prefill_tps')
  expect(deriveRequest(completion({ engine: { promptMs: 80 } }))).not.toHaveProperty('prefill_tps')
})

test('a prompt that was wholly cached is not reported as throughput', () => {
  expect(deriveRequest(completion({ engine: { promptTokens: 0, promptMs: 1 } }))).not.toHaveProperty('prefill_tps')
})

test('chunks of one socket read leave no rate behind, rather than an infinite one', () => {
  const metrics = deriveRequest(completion({ events: { deltasUs: [100_000, 0, 0], reads: [0, 0, 0] } }))
  expect(metrics).not.toHaveProperty('decode_tps')
  expect(metrics).not.toHaveProperty('tpot_ms')
  expect(metrics).not.toHaveProperty('icl_ms')
})

test('a prefill has its rate from send to done, and no time to a token', () => {
  const request = without(completion({ part: 'prefill', promptTokens: 512, doneUs: 256_000 }), 'events')
  expect(deriveRequest(request)).toEqual({ pp_tps: 2000, prefill_tps: 625 })
})

test('a decode has its rate from send to last token, and no TTFT', () => {
  expect(deriveRequest(completion({ part: 'decode' }))).toEqual({
    tg_tps: 20,
    icl_ms: 25,
    tpot_ms: 25,
    decode_tps: 40,
    engine_decode_tps: 50,
  })
})

test('a window of perplexity has no metrics of its own', () => {
  expect(deriveRequest(window('w1', [1, 2]))).toEqual({})
})

test('of any completion the figures agree with each other', () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const random = randomSequence(seed)
    const count = 2 + Math.floor(random() * 40)
    const deltasUs = Array.from({ length: count }, () => 1 + Math.floor(random() * 50_000))
    const sentUs = 1_000_000 + Math.floor(random() * 1000)
    const metrics = deriveRequest(completion({ events: { deltasUs }, outputTokens: count, sentUs }))
    const { ttft_ms = 0, e2e_ms = 0, tpot_ms = 0, decode_tps = 0, request_tps = 0 } = metrics
    expect(e2e_ms).toBeGreaterThan(ttft_ms)
    expect(ttft_ms + tpot_ms * (count - 1)).toBeCloseTo(e2e_ms, 6)
    expect(decode_tps * tpot_ms).toBeCloseTo(1000, 6)
    expect(request_tps * e2e_ms).toBeCloseTo(1000 * count, 6)
    expect((metrics.e2e_scheduled_ms ?? 0) - e2e_ms).toBeCloseTo((sentUs - 1_000_000) / 1000, 6)
    expect(metrics.icl_ms).toBeCloseTo(tpot_ms, 9)
    // The first token costs a prefill: where that is slower than a decode, the whole is slower than decoding alone.
    if (ttft_ms > tpot_ms) expect(request_tps).toBeLessThan(decode_tps)
  }
})

test('times survive being kept as differences: each is off by its own rounding only', () => {
  const random = randomSequence(7)
  let ns = 5e12
  const times = Array.from({ length: 2000 }, () => (ns += Math.floor(random() * 3_000_000)))
  const back = eventTimesUs({ deltasUs: encodeTimes(times, 5e12) })
  for (const [i, time] of times.entries())
    expect(Math.abs((back[i] as number) - (time - 5e12) / 1000)).toBeLessThanOrEqual(0.5)
})

test('where a model reasons, the answer itself begins with the first event that is not reasoning', () => {
  const deltasUs = [100_000, 20_000, 30_000]
  const withChannels = (channels: readonly Channel[]) => deriveRequest(completion({ events: { deltasUs, channels } }))
  expect(withChannels(['reasoning', 'reasoning', 'text'])).toMatchObject({ ttft_ms: 100, ttfot_ms: 150 })
  expect(withChannels(['reasoning', 'tool', 'text']).ttfot_ms).toBe(120)
  expect(withChannels(['reasoning', 'reasoning', 'reasoning'])).not.toHaveProperty('ttfot_ms')
})
