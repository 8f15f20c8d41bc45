import { describe, expect, test } from 'vitest'
import type { Price } from '../../lib/domain/price.ts'
import { randomSequence, shuffled } from '../../lib/domain/seeded.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { deriveTrial } from '../../lib/measure/derive-trial.ts'
import { completion, failed, window, without } from './requests.ts'

const derive = (...requests: readonly RequestTimeline[]) => deriveTrial({ requests, memory: [] })
/** A completion whose TTFT is the only thing that varies. */
const answer = (promptId: string, ttftMs: number, change: Partial<RequestTimeline> = {}) =>
  completion({ promptId, events: { deltasUs: [ttftMs * 1000, 20_000, 30_000] }, ...change })
const timed = (client: number, sentUs: number, doneUs: number, deltasUs: number[]) =>
  completion({ client, sentUs, scheduledUs: sentUs, doneUs, outputTokens: deltasUs.length, events: { deltasUs } })

test('a request metric is the geometric mean over prompts of the geometric mean per prompt', () => {
  const { ttft_ms } = derive(answer('a', 100), answer('a', 400), answer('a', 200), answer('b', 50))
  expect(ttft_ms?.value).toBeCloseTo(100, 9) // sqrt(200 * 50): a prompt that was asked three times weighs no more
  expect(ttft_ms).toMatchObject({ n: 4, median: 150 })
})

test('warm-up never counts', () => {
  const warm = answer('a', 9000, { phase: 'warmup' })
  expect(derive(warm, answer('a', 100))).toEqual(derive(answer('a', 100)))
})

test('a trial of nothing but warm-up has no request metrics and no error rate', () => {
  expect(derive(answer('a', 100, { phase: 'warmup' }))).toEqual({})
})

test('failed requests count as errors and not as times', () => {
  const trial = derive(answer('a', 100), answer('a', 5000, { outcome: failed }))
  expect(trial.ttft_ms).toMatchObject({ value: expect.closeTo(100, 9), n: 1 })
  expect(trial.error_rate).toEqual({ value: 0.5, n: 2 })
})

test('no failure is an error rate of 0, which is a value', () => {
  expect(derive(answer('a', 100)).error_rate).toEqual({ value: 0, n: 1 })
})

test('percentiles appear with the samples that carry them', () => {
  const many = Array.from({ length: 100 }, (_, i) => answer('a', 100 + i))
  expect(derive(...many).ttft_ms).toMatchObject({ p90: expect.closeTo(189.1, 9) })
  expect(derive(...many).ttft_ms).not.toHaveProperty('p95')
})

test('the window of a rate ends when the first client has nothing more to send', () => {
  // Client 0 sends twice and ends at 2.5 s, client 1 once and ends at 1.5 s: after 1.5 s one client is idle.
  const trial = derive(
    timed(0, 500_000, 500_000, [250_000, 250_000]),
    timed(1, 500_000, 1_000_000, [900_000, 100_000]),
    timed(0, 1_000_000, 1_500_000, [500_000, 500_000, 500_000]),
  )
  expect(trial.output_tps).toEqual({ value: 5, n: 3 }) // 2 + 2 + 1 tokens in 1 s
  expect(trial.request_rate).toEqual({ value: 2, n: 2 })
  expect(trial.output_tps_compat).toEqual({ value: 3.5, n: 3 }) // 7 tokens in 2 s
})

test('tokens of failed requests count in the output rate, and not in what other tools count', () => {
  const trial = derive(
    completion({ sentUs: 0, scheduledUs: 0, doneUs: 500_000 }),
    completion({ sentUs: 500_000, scheduledUs: 500_000, doneUs: 500_000, outcome: failed }),
  )
  expect(trial.output_tps).toEqual({ value: 6, n: 2 })
  expect(trial.output_tps_compat).toEqual({ value: 3, n: 1 })
  expect(trial.request_rate).toEqual({ value: 1, n: 1 })
})

describe('a load with a duration', () => {
  const cutOff = { status: 'failed', reason: 'cut-off', detail: '' } as const
  const load = { kind: 'closed', clients: 2, durationMs: 2000 } as const
  // From 1 s to 3 s: client 0 answers in 1.0 s, then is cut off; client 1 answers in 1.5 s, then fails, then is cut off.
  const requests = [
    timed(0, 1_000_000, 1_000_000, [500_000, 500_000]),
    timed(1, 1_200_000, 1_500_000, [600_000, 300_000, 600_000]),
    { ...timed(1, 2_700_000, 100_000, [50_000]), outcome: failed },
    { ...timed(1, 2_800_000, 400_000, [100_000, 100_000, 200_000]), outcome: cutOff },
    { ...timed(0, 2_000_000, 1_300_000, [400_000, 400_000, 400_000]), outcome: cutOff },
  ]
  const trial = deriveTrial({ requests, memory: [], load })

  test('has a window from when all clients are at work to its end, in which all tokens count', () => {
    // From 1.2 s: 2 + 3 of answers, 1 of the failed one, 2 of 3 by 3.0 s (2.9, 3.0; then 3.2), 2 of 3 (2.4, 2.8; then 3.2).
    expect(trial.output_tps).toEqual({ value: expect.closeTo(10 / 1.8, 12), n: 5 })
    expect(trial.request_rate).toEqual({ value: expect.closeTo(2 / 1.8, 12), n: 2 })
  })

  test('leaves what it cut off out of all else', () => {
    expect(trial.error_rate).toEqual({ value: 1 / 3, n: 3 })
    expect(trial.ttft_ms?.n).toBe(2)
    // 5 tokens from the first start (1.0 s) to the end of the last request that was not cut off (2.8 s).
    expect(trial.output_tps_compat).toEqual({ value: expect.closeTo(5 / 1.8, 12), n: 2 })
  })

  test('an answer that ends after the window is no completion inside it', () => {
    const late = { ...requests[0], ...timed(0, 2_900_000, 200_000, [50_000, 150_000]) }
    const { output_tps, request_rate } = deriveTrial({ requests: [...requests.slice(0, 4), late], memory: [], load })
    expect(output_tps?.value).toBeCloseTo(9 / 1.8, 12)
    expect(request_rate?.n).toBe(2)
  })

  test('a trial of nothing but requests cut off has a rate and what was under way, and no error rate', () => {
    const only = deriveTrial({ requests: requests.slice(3), memory: [], load })
    expect(Object.keys(only)).toEqual(['output_tps', 'concurrency'])
  })
})

test('a rate over chunks whose tokens are unknown is not reported', () => {
  const unknown = without(completion({ events: { deltasUs: [1000, 1000], characters: [3, 4] } }), 'outputTokens')
  expect(derive(unknown)).not.toHaveProperty('output_tps')
  expect(derive(unknown)).not.toHaveProperty('output_tps_compat')
  expect(derive(unknown)).toHaveProperty('request_rate')
})

test('prefills and decodes keep their rates apart and make no blend', () => {
  const prefill = without(
    completion({ promptId: 'pp512', part: 'prefill', promptTokens: 512, doneUs: 256_000 }),
    'events',
  )
  const trial = derive(prefill, completion({ promptId: 'tg3', part: 'decode' }))
  expect(Object.keys(trial).toSorted()).toEqual([
    'decode_tps',
    'engine_decode_tps',
    'error_rate',
    'icl_ms',
    'pp_tps',
    'prefill_tps',
    'tg_tps',
    'tpot_ms',
  ])
  expect(trial.pp_tps?.value).toBeCloseTo(2000, 9)
  expect(trial.tg_tps?.value).toBeCloseTo(20, 9)
})

test('load, sizes and memory are one value per trial', () => {
  const trial = deriveTrial({
    requests: [],
    loadMs: 812.5,
    artifact: {
      bytes: 1_000_000,
      description: {
        format: 'gguf',
        architecture: 'llama',
        parameters: 1_600_000,
        tensorBytes: 900_000,
        contextLength: 512,
        vocabulary: 4096,
        chatTemplate: false,
        randomWeights: false,
      },
    },
    memory: [{ atUs: 1, rssBytes: 100, pssBytes: 60 }, { atUs: 2, rssBytes: 300 }, { atUs: 3 }],
  })
  expect(trial).toEqual({
    load_ms: { value: 812.5 },
    model_bytes: { value: 1_000_000 },
    effective_bpw: { value: 4.5 },
    rss_peak_bytes: { value: 300 },
    rss_mean_bytes: { value: 200 },
    pss_peak_bytes: { value: 60 },
    pss_mean_bytes: { value: 60 },
  })
})

test('perplexity is e to the mean over all scored tokens, with the error that llama-perplexity gives', () => {
  const { perplexity } = derive(window('w1', [1, 3]), window('w2', [2, 2, 2]))
  expect(perplexity?.value).toBeCloseTo(Math.E ** 2, 12)
  expect(perplexity?.n).toBe(5)
  expect(perplexity?.error).toBeCloseTo(Math.E ** 2 * Math.sqrt(0.4 / 4), 12) // v = mean of squares 22/5 - 4
})

test('the interval of perplexity is drawn over windows and is the same every time', () => {
  const random = randomSequence(11)
  const windows = Array.from({ length: 20 }, (_, w) => {
    const level = 3 + random()
    return window(
      `w${w}`,
      Array.from({ length: 255 }, () => level + random() - 0.5),
    )
  })
  const { perplexity } = derive(...windows)
  if (perplexity?.low === undefined || perplexity.high === undefined) throw new Error('no interval')
  expect(perplexity.low).toBeLessThan(perplexity.value)
  expect(perplexity.high).toBeGreaterThan(perplexity.value)
  // Tokens of one window are alike here: taken as independent, they would promise far more than the windows hold.
  expect(perplexity.high - perplexity.low).toBeGreaterThan(4 * (perplexity.error ?? 0))
  expect(derive(...shuffled(windows, 3)).perplexity).toEqual(perplexity)
})

test('one window has no interval', () => {
  expect(derive(window('w1', [1, 3])).perplexity).not.toHaveProperty('low')
})

test('a window that was evaluated twice counts once, as it was first', () => {
  const once = derive(window('w1', [1, 3]), window('w2', [2]))
  const again = window('w1', [5, 7], { sentUs: 9 })
  expect(derive(window('w1', [1, 3]), window('w2', [2]), again).perplexity).toEqual(once.perplexity)
  expect(derive(again, window('w1', [1, 3]), window('w2', [2])).perplexity).toEqual(once.perplexity)
})

test('with a window missing there is no perplexity: it would be that of another text', () => {
  expect(derive(window('w1', [1, 3]), without(window('w2', [], { outcome: failed }), 'nll'))).not.toHaveProperty(
    'perplexity',
  )
})

test('nothing depends on the order in which prompts were asked', () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const random = randomSequence(seed)
    const requests = Array.from({ length: 30 }, (_, i) =>
      answer(`p${i % 7}`, 1 + random() * 300, {
        client: i % 3,
        sentUs: 1_000_000 + i * 400_000,
        ...(random() < 0.1 && { outcome: failed }),
      }),
    )
    expect(derive(...shuffled(requests, seed))).toEqual(derive(...requests))
  }
})

test('a trial value lies between the smallest and the largest of its requests', () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const random = randomSequence(seed)
    const times = Array.from({ length: 12 }, () => 1 + Math.floor(random() * 1000))
    const { ttft_ms } = derive(...times.map((ms, i) => answer(`p${i % 4}`, ms)))
    expect(ttft_ms?.value).toBeGreaterThanOrEqual(Math.min(...times) * (1 - 1e-12))
    expect(ttft_ms?.value).toBeLessThanOrEqual(Math.max(...times) * (1 + 1e-12))
  }
})

test('where the hardware has a price, output has one: by the hour it is in use, and of what was bought per dollar', () => {
  const requests = [timed(0, 0, 1_000_000, [500_000, 500_000])] // 2 tokens in 1 s
  const costs = (price: Price) => {
    const { output_tps, usd_per_mtok, per_usd } = deriveTrial({ requests, memory: [], price })
    return [output_tps?.value, usd_per_mtok?.value, per_usd?.value]
  }
  expect(costs({ usdPerHour: 0.0072, source: 'a list' })).toEqual([2, expect.closeTo(1, 9), undefined])
  expect(costs({ usd: 80, source: 'a list' })).toEqual([2, undefined, 0.025])
  expect(costs({ usdPerMtok: 0.6, source: 'a list' })).toEqual([2, 0.6, undefined])
  expect(deriveTrial({ requests, memory: [] })).not.toHaveProperty('usd_per_mtok')
})
