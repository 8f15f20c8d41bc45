import { expect, test } from 'vitest'
import { randomSequence } from '../../lib/domain/seeded.ts'
import { bootstrapMean } from '../../lib/stats/bootstrap-mean.ts'

const options = (seed: number) => ({ random: randomSequence(seed), resamples: 1999, confidence: 0.95 })
const spread = [1, 2, 3, 4, 5, 6].map((value) => ({ sum: value * 10, n: 10 }))

test('one seed gives one interval', () => {
  expect(bootstrapMean(spread, options(1))).toEqual(bootstrapMean(spread, options(1)))
  expect(bootstrapMean(spread, options(1))).not.toEqual(bootstrapMean(spread, options(2)))
})

test('the interval lies around the mean and inside the range of the chunks', () => {
  const interval = bootstrapMean(spread, options(3))
  if (interval === undefined) throw new Error('no interval')
  expect(interval.low).toBeGreaterThan(1)
  expect(interval.low).toBeLessThan(3.5)
  expect(interval.high).toBeGreaterThan(3.5)
  expect(interval.high).toBeLessThan(6)
})

// The standard error of a mean of six chunks is sqrt(35/12/6) = 0.697; the percentile interval is about 1.96 of them to each side.
test('its width is that of the chunks, however many samples are in them', () => {
  const interval = bootstrapMean(spread, options(4))
  if (interval === undefined) throw new Error('no interval')
  expect((interval.high - interval.low) / (2 * 1.96 * 0.697)).toBeCloseTo(1, 1)
})

test('equal chunks leave no doubt', () => {
  const equal = Array.from({ length: 4 }, () => ({ sum: 30, n: 10 }))
  expect(bootstrapMean(equal, options(5))).toEqual({ low: 3, high: 3 })
})

test('one chunk has no interval', () => {
  expect(bootstrapMean(spread.slice(0, 1), options(6))).toBeUndefined()
})
