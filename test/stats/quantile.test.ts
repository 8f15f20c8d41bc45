import { expect, test } from 'vitest'
import { quantile } from '../../lib/stats/quantile.ts'
import { summarize } from '../../lib/stats/summarize.ts'

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)

// R: quantile(c(1, 2, 3, 10), c(0, .25, .5), type = 7)
test('a quantile between two samples is interpolated linearly', () => {
  expect([0, 0.25, 0.5].map((q) => quantile([1, 2, 3, 10], q))).toEqual([1, 1.75, 2.5])
})

test('the median of one sample is that sample', () => {
  expect(quantile([7], 0.5)).toBe(7)
})

test('of no samples there is no quantile', () => {
  expect(quantile([], 0.5)).toBeUndefined()
})

test.each([
  [0.9, 100],
  [0.95, 200],
  [0.99, 1000],
])('the %f quantile needs %i samples', (q, needed) => {
  expect(quantile(upTo(needed - 1), q)).toBeUndefined()
  expect(quantile(upTo(needed), q)).toBeCloseTo(1 + (needed - 1) * q, 9)
})

test('a summary leaves out the percentiles that its samples do not carry', () => {
  expect(summarize([3, 1, 2])).toEqual({ n: 3, median: 2 })
  expect(Object.keys(summarize(upTo(250)))).toEqual(['n', 'median', 'p90', 'p95'])
})

test('a summary does not depend on the order of the samples', () => {
  expect(summarize(upTo(1000).toReversed())).toEqual(summarize(upTo(1000)))
})
