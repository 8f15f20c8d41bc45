import { expect, test } from 'vitest'
import type { Estimate } from '../../lib/domain/verdict.ts'
import { comparePlan } from '../../lib/verdict/compare-plan.ts'
import { isDisputed } from '../../lib/verdict/is-disputed.ts'
import { comparedOf, decoded, only, twoArms } from './compared-fixture.ts'

const at = (low: number, high: number) => ({ low, high, confidence: 0.95 })
const disputed = (interval: [number, number], check: [number, number], scale: Estimate['scale'] = 'ratio', floor = 0) =>
  isDisputed({ scale, interval: at(...interval), check: at(...check) }, { margin: 0.02, floor })

test('a bootstrap that excludes no change where Student’s t does not, or the other way round, disputes', () => {
  expect(disputed([1.001, 1.015], [0.999, 1.014])).toBe(true)
  expect(disputed([0.999, 1.015], [1.001, 1.014])).toBe(true)
  expect(disputed([0.985, 0.999], [0.984, 1.001])).toBe(true)
  expect(disputed([1.001, 1.015], [1.002, 1.014])).toBe(false)
})

test('so does one that is on another side of the margin, or of a noise floor above it', () => {
  expect(disputed([1.021, 1.04], [1.019, 1.041])).toBe(true)
  expect(disputed([0.96, 0.985], [0.97, 0.979])).toBe(true)
  expect(disputed([1.021, 1.04], [1.022, 1.041])).toBe(false)
  expect(disputed([1.021, 1.04], [1.019, 1.041], 'ratio', 0.03)).toBe(false)
  expect(disputed([0.03, 0.05], [0.01, 0.06], 'difference')).toBe(true)
})

test('where there is no bootstrap nothing disputes', () => {
  expect(isDisputed({ scale: 'ratio', interval: at(1.001, 1.015) }, { margin: 0.02 })).toBe(false)
})

test('blocks of which one lies far out let the two disagree; such a verdict says so', () => {
  const changes = [1.004, 1.006, 1.005, 1.007, 1.004, 1.005, 1.006, 1.005, 1.004, 1.06]
  const arms = [
    { axes: { quantization: 'f16' }, trial: () => decoded(100) },
    { axes: { quantization: 'q4_0' }, trial: (block: number) => decoded(100 * (changes[block] as number)) },
  ]
  const { estimate, disputed: isSo } = only(comparePlan(comparedOf({ arms })))
  expect([estimate?.interval.low, estimate?.check?.low].map((low) => (low ?? 0) > 1)).toEqual([false, true])
  expect(isSo).toBe(true)
  expect(only(comparePlan(twoArms(1.1)))).not.toHaveProperty('disputed')
})
