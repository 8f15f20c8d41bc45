import { expect, test } from 'vitest'
import { outliers } from '../../lib/stats/outliers.ts'

// Iglewicz and Hoaglin (1993), where two of ten values hide from a z score: each widens the deviation for the other.
test('two far values do not hide each other', () => {
  expect(outliers([2.1, 2.6, 2.4, 2.5, 2.3, 2.1, 2.3, 2.6, 8.2, 8.3])).toEqual([...Array(8).fill(false), true, true])
})

// Median 0, MAD 1: 3.5 / 0.6745 = 5.189.
test('the limit is a modified z score of 3.5', () => {
  expect(outliers([-2, -1, 0, 1, 5.1]).at(-1)).toBe(false)
  expect(outliers([-2, -1, 0, 1, 5.2]).at(-1)).toBe(true)
})

// Mean absolute deviation 10 / 11 and 10 / 4: 10 lies 8.8 and 3.19 deviations out.
test('where most values are one the mean deviation judges', () => {
  expect(outliers([...Array(10).fill(0), 10]).filter(Boolean)).toHaveLength(1)
  expect(outliers([0, 0, 0, 10]).filter(Boolean)).toHaveLength(0)
})

test('equal values and none have no outlier', () => {
  expect(outliers([3, 3, 3])).toEqual([false, false, false])
  expect(outliers([])).toEqual([])
})
