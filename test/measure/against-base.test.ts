import { expect, test } from 'vitest'
import type { BaseScores } from '../../lib/domain/timeline.ts'
import { deriveTrial } from '../../lib/measure/derive-trial.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'
import { completion, failed, window, without } from './requests.ts'

const derive = (...requests: Parameters<typeof deriveTrial>[0]['requests']) => deriveTrial({ requests, memory: [] })
const scored = (id: string, nll: number[], base: BaseScores) => window(id, nll, { base })

const first = scored('w1', [1, 3], { nll: [1, 2], kld: [0.5, 0.1], sameTop: [1, 0] })
const second = scored('w2', [2, 2], { nll: [2, 2], kld: [0, 0.2], sameTop: [1, 1] })

test('a model is held to its base by the definitions of llama-perplexity', () => {
  const { kld, kld_median, kld_max, ppl_ratio, top_token_share, p_change_rms } = derive(first, second)
  expect(kld?.value).toBeCloseTo(0.2, 12)
  // v = mean of squares - mean^2 = (0.25 + 0.01 + 0.04) / 4 - 0.04
  expect(kld?.error).toBeCloseTo(Math.sqrt(0.035 / 3), 12)
  expect(kld?.n).toBe(4)
  expect(kld_median?.value).toBeCloseTo(0.15, 12)
  expect(kld_max?.value).toBe(0.5)
  expect(top_token_share?.value).toBe(0.75)
  expect(top_token_share?.error).toBeCloseTo(Math.sqrt((0.75 * 0.25) / 3), 12)
  expect(ppl_ratio?.value).toBeCloseTo(Math.exp(0.25), 12)
  const change = Math.exp(-3) - Math.exp(-2)
  expect(p_change_rms?.value).toBeCloseTo(Math.abs(change) / 2, 12)
})

test('the error of the ratio of perplexities takes their covariance into account, as llama-perplexity writes it', () => {
  const random = randomSequence(5)
  const base = Array.from({ length: 400 }, () => 4 * random())
  const own = base.map((value) => value + 0.2 * random())
  const { ppl_ratio } = derive(scored('w1', own, { nll: base, kld: own.map(() => 0), sameTop: own.map(() => 1) }))
  const n = own.length
  const mean = (of: (i: number) => number) => own.reduce((sum, _, i) => sum + of(i), 0) / n
  const [a, b] = [mean((i) => own[i] as number), mean((i) => base[i] as number)]
  const variance = (values: readonly number[], m: number) => (mean((i) => (values[i] as number) ** 2) - m * m) / (n - 1)
  const covariance = (mean((i) => (own[i] as number) * (base[i] as number)) - a * b) / (n - 1)
  const ofLog = Math.sqrt(variance(own, a) + variance(base, b) - 2 * covariance)
  expect(ppl_ratio?.value).toBeCloseTo(Math.exp(a - b), 12)
  expect(ppl_ratio?.error).toBeCloseTo(Math.exp(a - b) * ofLog, 10)
})

const same = (id: string) => scored(id, [1, 2], { nll: [1, 2], kld: [0, -1e-9], sameTop: [1, 1] })

test('a base has no distance from itself', () => {
  const trial = derive(same('w1'), same('w2'))
  expect(trial.kld?.value).toBe(0)
  expect(trial.kld_median?.value).toBe(0)
  expect(trial.ppl_ratio?.value).toBe(1)
  expect(trial.top_token_share?.value).toBe(1)
  expect(trial.p_change_rms).toMatchObject({ value: 0, error: 0 })
})

const p99Of = (n: number) => {
  const values = Array.from({ length: n }, (_, i) => i / n)
  const ones = values.map(() => 1)
  return derive(scored('w1', ones, { nll: ones, kld: values, sameTop: ones })).kld_p99
}

test('the 99th percentile needs a thousand tokens', () => {
  expect(p99Of(999)).toBeUndefined()
  expect(p99Of(1000)?.value).toBeCloseTo(0.98901, 9) // type 7: 0.99 * 999 = 989.01
})

test('where an engine tells its likeliest tokens only there is a bound, and no divergence', () => {
  const bound = { ...first, base: { ...first.base, isBound: true as const } } as typeof first
  const trial = derive(bound, second)
  expect(trial.kld_at_least?.value).toBeCloseTo(0.2, 12)
  for (const metric of ['kld', 'kld_median', 'kld_max'] as const) expect(trial).not.toHaveProperty(metric)
  expect(trial.top_token_share?.value).toBe(0.75)
})

test('the interval is drawn over windows, and each token stays with its window', () => {
  const random = randomSequence(11)
  const windows = Array.from({ length: 20 }, (_, w) => {
    const level = random()
    const kld = Array.from({ length: 100 }, () => level)
    return scored(`w${w}`, kld, { nll: kld, kld, sameTop: kld.map(() => 1) })
  })
  const { kld } = derive(...windows)
  if (kld?.low === undefined || kld.high === undefined) throw new Error('no interval')
  expect(kld.high - kld.low).toBeGreaterThan(4 * (kld.error ?? 0))
  expect(derive(...windows.toReversed()).kld).toEqual(kld)
})

test('with a window missing nothing is said of quality, and without a base nothing of a distance', () => {
  const lost = without(window('w2', [], { outcome: failed }), 'nll')
  expect(Object.keys(derive(first, lost))).not.toContain('kld')
  expect(Object.keys(derive(first, window('w2', [1, 2])))).not.toContain('kld')
  expect(derive(first, window('w2', [1, 2])).perplexity?.n).toBe(4)
  expect(derive(completion())).not.toHaveProperty('perplexity')
})
