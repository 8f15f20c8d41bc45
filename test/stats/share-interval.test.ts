import { expect, test } from 'vitest'
import { shareInterval } from '../../lib/stats/share-interval.ts'

// scipy.stats.binomtest(some, all).proportion_ci(confidence, 'exact')
test.each([
  [0, 10, 0.95, 0, 0.308_497_1],
  [1, 20, 0.95, 0.001_265_09, 0.248_732_8],
  [7, 40, 0.9, 0.085_132_5, 0.303_705_7],
  [10, 10, 0.99, 0.588_704, 1],
])('%i of %i at %d is Clopper and Pearson’s', (some, all, confidence, low, high) => {
  const found = shareInterval(some, all, confidence)
  expect(found.low).toBeCloseTo(low, 6)
  expect(found.high).toBeCloseTo(high, 6)
})
