import { describe, expect, test } from 'vitest'
import { blocksNeeded, powerBeyond, powerDecide, powerDetect, powerWithin } from '../../lib/stats/power.ts'

/** 2 % noise per launch, in logarithms of the ratio of two. */
const noisy = { effect: Math.log(1.03), deviation: 0.02 * Math.SQRT2, confidence: 0.95 }
const margin = Math.log(1.02)

// scipy 1.17: nct of Student's t, and for the margin's inside quad over the chi distribution.
describe.each([
  { blocks: 6, found: 0.5412315913900334, beyond: 0.10297831249006038, within: 0.11568739641520462 },
  { blocks: 10, found: 0.8359400222352231, beyond: 0.16302807511317374, within: 0.3396558036991234 },
  { blocks: 20, found: 0.9931801554592519, beyond: 0.31030893092127804, within: 0.8298715263980481 },
])('in $blocks blocks of 2 % noise', ({ blocks, found, beyond, within }) => {
  test('a 3 % effect is found and shown beyond 2 % as often as published', () => {
    expect(powerDetect({ ...noisy, blocks })).toBeCloseTo(found, 8)
    expect(powerBeyond({ ...noisy, margin, blocks })).toBeCloseTo(beyond, 8)
  })

  test('no effect is shown to be within 2 % as often as published', () => {
    expect(powerWithin({ ...noisy, effect: 0, margin, blocks, confidence: 0.9 })).toBeCloseTo(within, 6)
  })
})

test('other effects, margins and levels come out as by scipy', () => {
  const one = powerBeyond({ effect: 0.05, margin: 0.02, deviation: 0.03, blocks: 8, confidence: 0.99 })
  expect(one).toBeCloseTo(0.3478109220382932, 8)
  const two = powerWithin({ effect: 0.01, margin: 0.02, deviation: 0.01, blocks: 5, confidence: 0.9 })
  expect(two).toBeCloseTo(0.5796360096969759, 6)
  const three = powerWithin({ effect: 0, margin: 0.02, deviation: 0.03, blocks: 12, confidence: 0.95 })
  expect(three).toBeCloseTo(0.2053546737928248, 6)
})

test('without an effect a difference is found as often as the level lets it', () => {
  expect(powerDetect({ ...noisy, effect: 0, blocks: 10 })).toBeCloseTo(0.05, 8)
})

test('the sign of the effect does not matter', () => {
  const less = { ...noisy, effect: -noisy.effect, margin, blocks: 9 }
  const more = { ...noisy, margin, blocks: 9 }
  for (const power of [powerDetect, powerBeyond, powerWithin]) expect(power(less)).toBeCloseTo(power(more), 10)
})

// Four million simulated experiments each by numpy.
test.each([
  [0.01, 0.03, 10, 0.33098725],
  [0, 0.01, 10, 0.99998825],
  [0.012, 0.012, 12, 0.99765725],
])(
  'an effect of %f with deviation %f is decided in %i blocks as often as simulated',
  (effect, deviation, blocks, simulated) => {
    const options = { effect, deviation, blocks, margin: 0.02, confidence: 0.95, equivalence: 0.9 }
    expect(Math.abs(powerDecide(options) - simulated)).toBeLessThan(0.001)
  },
)

test('what decides is found or inside the margin, so it is no less than either and no more than both', () => {
  const options = { effect: 0.008, deviation: 0.014, blocks: 10, margin: 0.02, confidence: 0.95, equivalence: 0.9 }
  const found = powerDetect(options)
  const within = powerWithin({ ...options, confidence: 0.9 })
  expect(powerDecide(options)).toBeGreaterThan(Math.max(found, within))
  expect(powerDecide(options)).toBeLessThanOrEqual(Math.min(1, found + within))
})

test('values that never vary show what is there, and the edge is not beyond', () => {
  const still = { effect: 0.02, deviation: 0, blocks: 2, confidence: 0.95 }
  expect(powerDetect(still)).toBe(1)
  expect(powerDetect({ ...still, effect: 0 })).toBe(0)
  expect(powerBeyond({ ...still, margin: 0.02 })).toBe(0)
  expect(powerBeyond({ ...still, margin: 0.01 })).toBe(1)
  expect(powerWithin({ ...still, margin: 0.02 })).toBe(0)
  expect(powerWithin({ ...still, effect: -0.02, margin: 0.02 })).toBe(0)
  expect(powerWithin({ ...still, margin: 0.03 })).toBe(1)
  expect(powerDecide({ ...still, effect: 0, margin: 0.01, equivalence: 0.9 })).toBe(1)
})

test('fewer than two blocks show nothing', () => {
  expect(powerDetect({ ...noisy, blocks: 1 })).toBe(0)
  expect(powerWithin({ ...noisy, effect: 0, margin: 1, blocks: 1 })).toBe(0)
  expect(powerDecide({ ...noisy, margin: 1, blocks: 1, equivalence: 0.9 })).toBe(0)
})

// Sizes of paired t tests, two-sided at 5 %, that tables give (Cohen's d of the differences, power).
test.each([
  [0.2, 0.8, 199],
  [0.5, 0.8, 34],
  [0.5, 0.9, 44],
  [0.8, 0.8, 15],
])('an effect of %f deviations is found with power %f by %i pairs', (effect, power, published) => {
  const powerOf = (blocks: number) => powerDetect({ effect, deviation: 1, blocks, confidence: 0.95 })
  expect(blocksNeeded(powerOf, { power, most: 1000 })).toBe(published)
})

const found = (blocks: number) => powerDetect({ ...noisy, blocks })
const beyondFive = (blocks: number) => powerBeyond({ ...noisy, margin: 0.05, blocks })

test('what no number of blocks shows is not promised, and the most may just do', () => {
  expect(blocksNeeded(beyondFive, { power: 0.8, most: 1000 })).toBeUndefined()
  expect(blocksNeeded(found, { power: 0.8, most: 10 })).toBe(10)
  expect(blocksNeeded(found, { power: 0.8, most: 9 })).toBeUndefined()
  expect(blocksNeeded(() => 1, { power: 0.8, most: 1000 })).toBe(2)
})
