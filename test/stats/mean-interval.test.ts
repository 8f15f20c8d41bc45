import { expect, test } from 'vitest'
import { meanInterval } from '../../lib/stats/mean-interval.ts'

// NIST/SEMATECH e-Handbook of Statistical Methods 1.3.5.2: mean ± t s / sqrt(n); here s = 1, n = 3 and t = 4.30265.
test('an arithmetic interval is the mean plus and minus t standard errors', () => {
  const interval = meanInterval([9, 10, 11], { mean: 'arithmetic' })
  expect(interval?.mean).toBe(10)
  expect(interval?.n).toBe(3)
  expect(interval?.low).toBeCloseTo(10 - 4.30265272975 / Math.sqrt(3), 9)
  expect(interval?.high).toBeCloseTo(10 + 4.30265272975 / Math.sqrt(3), 9)
})

test('a geometric interval is as many times above the mean as below it', () => {
  const interval = meanInterval([90, 100, 115], { mean: 'geometric' })
  if (interval === undefined) throw new Error('no interval')
  expect(interval.high / interval.mean).toBeCloseTo(interval.mean / interval.low, 12)
  expect(interval.mean).toBeCloseTo(Math.cbrt(90 * 100 * 115), 10)
})

const width = (confidence: number) => {
  const interval = meanInterval([1, 2, 3, 4], { mean: 'arithmetic', confidence })
  return interval === undefined ? Number.NaN : interval.high - interval.low
}

test('less confidence is a narrower interval', () => {
  expect(width(0.9)).toBeLessThan(width(0.95))
})

test('one value has no interval', () => {
  expect(meanInterval([10], { mean: 'geometric' })).toBeUndefined()
})
