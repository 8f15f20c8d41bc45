import { expect, test } from 'vitest'
import { slopeInterval } from '../../lib/stats/slope-interval.ts'

// Anscombe, "Graphs in Statistical Analysis" (1973), the first of four: slope 0.5001, its standard error 0.1179.
const anscombe = [
  [10, 8.04],
  [8, 6.95],
  [13, 7.58],
  [9, 8.81],
  [11, 8.33],
  [14, 9.96],
  [6, 7.24],
  [4, 4.26],
  [12, 10.84],
  [7, 4.82],
  [5, 5.68],
] as const

test('the slope of published data is the published one, with R’s interval', () => {
  const found = slopeInterval(anscombe, 0.95)
  expect(found?.slope).toBeCloseTo(0.5000909, 7)
  expect(found?.low).toBeCloseTo(0.2333701, 6)
  expect(found?.high).toBeCloseTo(0.7668118, 6)
  expect(found?.n).toBe(11)
})

test('points on a line leave no doubt', () => {
  const line = [0, 1, 2, 5].map((x) => [x, 3 - 2 * x] as const)
  expect(slopeInterval(line, 0.95)).toEqual({ slope: -2, low: -2, high: -2, n: 4 })
})

test('two points, or several at one x, say nothing of a slope', () => {
  expect(
    slopeInterval(
      [
        [0, 1],
        [1, 2],
      ],
      0.95,
    ),
  ).toBeUndefined()
  expect(
    slopeInterval(
      [
        [1, 1],
        [1, 2],
        [1, 3],
      ],
      0.95,
    ),
  ).toBeUndefined()
})
