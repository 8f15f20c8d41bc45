import { expect, test } from 'vitest'
import { randomSequence } from '../../lib/domain/seeded.ts'
import { scales } from '../../lib/verdict/change-scale.ts'
import { pairedEstimate, sampledEstimate, unpairedEstimate } from '../../lib/verdict/estimate.ts'
import { promptInterval } from '../../lib/verdict/prompt-intervals.ts'
import { noise } from './compared-fixture.ts'

const levels = { interval: 0.95, equivalence: 0.9 }
const sure = { levels, seed: 3 }
const { ratio, difference } = scales

test("the mean over blocks has Student's interval on the line of logarithms, worked by hand", () => {
  // ln: 0.01, 0.02, 0.03, 0.04, 0.05; mean 0.03, deviation 0.0158114, t(4) 2.776445 and 2.131847.
  const estimate = pairedEstimate([0.01, 0.02, 0.03, 0.04, 0.05], ratio, sure)
  expect(estimate?.change).toBeCloseTo(Math.exp(0.03), 12)
  expect(estimate?.interval.low).toBeCloseTo(Math.exp(0.03 - (2.776445 * 0.0158114) / Math.sqrt(5)), 6)
  expect(estimate?.interval.high).toBeCloseTo(Math.exp(0.03 + (2.776445 * 0.0158114) / Math.sqrt(5)), 6)
  expect(estimate?.equivalence.high).toBeCloseTo(Math.exp(0.03 + (2.131847 * 0.0158114) / Math.sqrt(5)), 6)
  expect(estimate).toMatchObject({ scale: 'ratio', of: 'blocks', n: 5, pairing: 'paired' })
  expect(estimate?.interval.confidence).toBe(0.95)
  expect(estimate?.equivalence.confidence).toBe(0.9)
})

test('of differences nothing is exponentiated', () => {
  const estimate = pairedEstimate([1, 2, 3], difference, sure)
  expect(estimate?.change).toBe(2)
  expect(estimate?.scale).toBe('difference')
})

test('the bootstrap beside it agrees with Student for ordinary values, and is the same for the same seed', () => {
  const draw = noise(5)
  const places = Array.from({ length: 20 }, () => 0.05 + 0.01 * draw())
  const one = pairedEstimate(places, ratio, sure)
  expect(one?.check?.low).toBeCloseTo(one?.interval.low ?? 0, 2)
  expect(one?.check?.high).toBeCloseTo(one?.interval.high ?? 0, 2)
  expect(one?.check?.confidence).toBe(0.95)
  expect(pairedEstimate(places, ratio, sure)).toEqual(one)
  expect(pairedEstimate(places, ratio, { levels, seed: 4 })?.check).not.toEqual(one?.check)
})

test('arms that shared no block have Welch’s interval: the textbook case of two samples', () => {
  // A: mean 3, variance 2.5; B: mean 6, variance 10; n 5 each. Error sqrt(2.5), degrees 5.8824, t 2.45873.
  const estimate = unpairedEstimate({ base: [1, 2, 3, 4, 5], against: [2, 4, 6, 8, 10] }, difference, sure)
  expect(estimate?.change).toBe(3)
  expect(estimate?.interval.high).toBeCloseTo(3 + 2.4587 * Math.sqrt(2.5), 3)
  expect(estimate).toMatchObject({ n: 5, pairing: 'unpaired' })
})

test('values that never vary have an interval without width', () => {
  expect(pairedEstimate([0.5, 0.5, 0.5], ratio, sure)?.interval).toEqual({
    low: Math.exp(0.5),
    high: Math.exp(0.5),
    confidence: 0.95,
  })
})

test('chunks are drawn again, whatever the level: a hundred comparisons too', () => {
  const draw = noise(6)
  const places = Array.from({ length: 54 }, () => 0.02 + 0.005 * draw())
  const one = sampledEstimate(places, 'chunks', { scale: ratio, sure })
  const many = sampledEstimate(places, 'chunks', {
    scale: ratio,
    sure: { levels: { interval: 1 - 0.05 / 100, equivalence: 1 - 0.1 / 100 }, seed: 3 },
  })
  expect(one).toMatchObject({ of: 'chunks', n: 54 })
  expect(one?.interval.low).toBeGreaterThan(1.01)
  expect(many?.interval.low).toBeLessThan(one?.interval.low ?? 0)
  expect(many?.interval.low).toBeGreaterThan(1)
})

test('that three prompts pass on both sides does not say that one in ten others would not', () => {
  const few = sampledEstimate([0, 0, 0], 'prompts', { scale: difference, sure })
  expect(few?.change).toBe(0)
  expect(few?.interval.high).toBeCloseTo(1 - 0.025 ** (1 / 3), 12)
  const many = sampledEstimate(
    Array.from({ length: 400 }, () => 0),
    'prompts',
    { scale: difference, sure },
  )
  expect(many?.equivalence.high).toBeLessThan(0.01)
  expect(many?.equivalence.low).toBeGreaterThan(-0.01)
})

test('nothing is estimated from nothing', () => {
  expect(pairedEstimate([], ratio, sure)).toBeUndefined()
  expect(pairedEstimate([0.1], ratio, sure)).toBeUndefined()
  expect(unpairedEstimate({ base: [1], against: [1, 2] }, ratio, sure)).toBeUndefined()
  expect(sampledEstimate([], 'chunks', { scale: ratio, sure })).toBeUndefined()
  expect(sampledEstimate([], 'prompts', { scale: difference, sure })).toBeUndefined()
})

const changed = (n: number, ...some: number[]) => [...some, ...Array.from({ length: n - some.length }, () => 0)]

test('where a few of many prompts changed, exact bounds say what no bootstrap can', () => {
  const one = sampledEstimate(changed(20, -1), 'prompts', { scale: difference, sure })
  // scipy.stats.binomtest(1, 20).proportion_ci(0.95, 'exact') of what it does worse; nothing is gained.
  expect(one).toMatchObject({ change: -0.05, n: 20, of: 'prompts' })
  expect(one?.interval.low).toBeCloseTo(-0.248_732_8, 6)
  expect(one?.interval.high).toBeCloseTo(1 - 0.0125 ** (1 / 20) - (1 - 0.9875 ** (1 / 20)), 9)
  const both = promptInterval(changed(20, -1, 1), 0.95)
  expect(both?.high).toBeCloseTo(-(both?.low ?? 0), 12)
  expect(both?.high).toBeGreaterThan(one?.interval.high ?? 1)
  const half = sampledEstimate(changed(20, -0.5), 'prompts', { scale: difference, sure })
  expect(half?.interval.low).toBe(one?.interval.low)
  expect(half?.interval.high).toBeCloseTo(1 - 0.025 ** (1 / 20), 9)
})

test('exact bounds hold the truth as often as they promise', () => {
  const random = randomSequence(12)
  const [n, better, worse] = [30, 0.02, 0.06]
  const inside = Array.from({ length: 2000 }, () => {
    const places = Array.from({ length: n }, () => {
      const drawn = random()
      return drawn < better ? 1 : drawn < better + worse ? -1 : 0
    })
    const found = promptInterval(places, 0.9) as { low: number; high: number }
    return found.low <= better - worse && better - worse <= found.high
  }).filter(Boolean).length
  expect(inside / 2000).toBeGreaterThan(0.9)
})
