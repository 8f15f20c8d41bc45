import { expect, test } from 'vitest'
import { welchInterval } from '../../lib/stats/welch-interval.ts'

// Student, "The Probable Error of a Mean" (1908): additional hours of sleep with two drugs; R's t.test(extra ~ group, sleep).
const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]
const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]

test('the interval of published data is the published one', () => {
  const interval = welchInterval(first, second, 0.95)
  expect(interval?.difference).toBeCloseTo(1.58, 10)
  expect(interval?.low).toBeCloseTo(-0.2054832, 6)
  expect(interval?.high).toBeCloseTo(3.3654832, 6)
  expect(interval?.degrees).toBeCloseTo(17.776, 3)
})

// scipy 1.17, ttest_ind(equal_var=False).confidence_interval(0.99).
test('samples of other sizes and spreads give hardly more degrees of freedom than the wilder one has', () => {
  const interval = welchInterval([3, 4, 1, 2.1], [490.2, 340, 433.9], 0.99)
  expect(interval?.degrees).toBeCloseTo(2.0008523488562844, 9)
  expect(interval?.low).toBeCloseTo(-15.695676048396308, 6)
  expect(interval?.high).toBeCloseTo(853.3790093817296, 6)
})

test('samples that never vary leave no doubt, and one value says nothing', () => {
  expect(welchInterval([1, 1], [3, 3, 3], 0.95)).toEqual({ difference: 2, low: 2, high: 2, degrees: 3 })
  expect(welchInterval([1], [3, 4], 0.95)).toBeUndefined()
  expect(welchInterval([1, 2], [3], 0.95)).toBeUndefined()
})
