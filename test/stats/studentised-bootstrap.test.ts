import { expect, test } from 'vitest'
import { randomSequence } from '../../lib/domain/seeded.ts'
import { meanInterval } from '../../lib/stats/mean-interval.ts'
import { linearQuantile } from '../../lib/stats/quantile.ts'
import { studentisedBootstrap, studentisedBootstrapDifference } from '../../lib/stats/studentised-bootstrap.ts'

const options = (seed: number, confidence = 0.9) => ({ random: randomSequence(seed), resamples: 9999, confidence })
const values = [1, 2, 4, 5, 9]

/** Student's t of a resample about the mean of the sample, of every one of the n^n resamples. */
function everyScore(sample: readonly number[]): number[] {
  const n = sample.length
  const centre = sample.reduce((sum, value) => sum + value) / n
  return Array.from({ length: n ** n }, (_, index) => {
    const drawn = sample.map((_value, place) => sample[Math.floor(index / n ** place) % n] as number)
    const middle = drawn.reduce((sum, value) => sum + value) / n
    const squares = drawn.reduce((sum, value) => sum + (value - middle) ** 2, 0)
    return (middle - centre) / Math.sqrt(squares / (n - 1) / n)
  })
}

test('it converges to what every possible resample gives', () => {
  const scores = everyScore(values).toSorted((a, b) => a - b)
  const error = Math.sqrt(values.reduce((sum, value) => sum + (value - 4.2) ** 2, 0) / 4 / 5)
  const interval = studentisedBootstrap(values, options(1))
  expect((interval as { low: number }).low / (4.2 - linearQuantile(scores, 0.95) * error)).toBeCloseTo(1, 1)
  expect((interval as { high: number }).high / (4.2 - linearQuantile(scores, 0.05) * error)).toBeCloseTo(1, 1)
})

test('of many normal values it is about the interval of Student', () => {
  const random = randomSequence(5)
  const normal = Array.from(
    { length: 200 },
    () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(6.283185307 * random()),
  )
  const student = meanInterval(normal, { mean: 'arithmetic', confidence: 0.95 })
  const interval = studentisedBootstrap(normal, options(2, 0.95))
  expect(interval?.low).toBeCloseTo(student?.low as number, 1)
  expect(interval?.high).toBeCloseTo(student?.high as number, 1)
})

test('a skewed sample has the longer side where its tail is', () => {
  const interval = studentisedBootstrap([1, 1.1, 1.2, 1.3, 1.5, 1.8, 2.5, 6], options(3))
  if (interval === undefined) throw new Error('no interval')
  const middle = 16.4 / 8
  expect(interval.high - middle).toBeGreaterThan(1.5 * (middle - interval.low))
})

test('the difference of two samples lies where it is, and its width comes from both', () => {
  const near = values.map((value) => value / 1000)
  const one = studentisedBootstrap(values, options(4))
  const two = studentisedBootstrapDifference(near, values, options(4))
  expect(two?.low).toBeCloseTo((one as { low: number }).low, 0)
  expect(two?.high).toBeCloseTo((one as { high: number }).high, 0)
  const back = studentisedBootstrapDifference(values, near, options(4))
  expect(back?.low).toBeCloseTo(-(two as { high: number }).high, 0)
})

test('one seed gives one interval', () => {
  expect(studentisedBootstrap(values, options(7))).toEqual(studentisedBootstrap(values, options(7)))
  expect(studentisedBootstrap(values, options(7))).not.toEqual(studentisedBootstrap(values, options(8)))
})

test('values that never vary leave no doubt', () => {
  expect(studentisedBootstrap([0.1, 0.1, 0.1], options(1))).toEqual({ low: 0.1, high: 0.1 })
  expect(studentisedBootstrapDifference([1, 1], [3, 3], options(1))).toEqual({ low: 2, high: 2 })
})

test('too few values, or resamples for so high a level, say nothing', () => {
  expect(studentisedBootstrap([3], options(1))).toBeUndefined()
  expect(studentisedBootstrap([1, 2, 3], options(1, 0.95))).toBeUndefined()
  expect(studentisedBootstrapDifference([3], [1, 2], options(1))).toBeUndefined()
  expect(studentisedBootstrap(values, options(1, 0.999))).toBeUndefined()
})

test('values too large to be squared say nothing, rather than what is no number', () => {
  expect(studentisedBootstrap([1, 2, 3, 1e300, 1e299], options(1))).toBeUndefined()
})
