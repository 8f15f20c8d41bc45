import { expect, test } from 'vitest'
import { spread } from '../../lib/measure/spread.ts'

test('a percentile is a value that was seen, and the largest of few', () => {
  expect(spread([3, 1, 2])).toEqual({ p50: 2, p99: 3, max: 3 })
  expect(spread(Array.from({ length: 1000 }, (_, i) => i + 1))).toEqual({ p50: 500, p99: 990, max: 1000 })
  expect(spread([])).toEqual({ p50: 0, p99: 0, max: 0 })
})
