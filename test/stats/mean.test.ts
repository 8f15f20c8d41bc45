import { expect, test } from 'vitest'
import { geometricMean, mean, standardDeviation } from '../../lib/stats/mean.ts'

test('the arithmetic mean is the sum over the number', () => {
  expect(mean([1, 2, 6])).toBe(3)
})

test('the geometric mean of a value and its inverse is 1', () => {
  expect(geometricMean([8, 1 / 8])).toBeCloseTo(1, 14)
})

test('the geometric mean is never above the arithmetic mean', () => {
  expect(geometricMean([1, 4, 16])).toBeCloseTo(4, 12)
  expect(mean([1, 4, 16])).toBe(7)
})

// Around their mean 5 the squares add up to 32.
test('the standard deviation divides by one less than the number of values', () => {
  expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 14)
})

test('one value says nothing about how much values vary', () => {
  expect(standardDeviation([3])).toBeNaN()
})
