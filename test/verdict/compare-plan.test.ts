import { expect, test } from 'vitest'
import type { MetricComparison } from '../../lib/domain/verdict.ts'
import { comparePlan } from '../../lib/verdict/compare-plan.ts'
import { comparedOf, decoded, noise, type PlanSpec } from './compared-fixture.ts'

const f16 = { axes: { quantization: 'f16' } }
const q4 = { axes: { quantization: 'q4_0' } }

/** Each block has its own level, which both arms share, and a little noise of its own for each trial. */
function twoArms(ratio: number, spec: Partial<PlanSpec> & { jitter?: number } = {}) {
  const draw = noise(3)
  const levels = Array.from({ length: 40 }, () => 100 * Math.exp(0.1 * draw()))
  const jitter = spec.jitter ?? 0.005
  const at = (factor: number) => (block: number) =>
    decoded((levels[block] as number) * factor * Math.exp(jitter * draw()))
  return comparedOf({
    arms: [
      { ...f16, trial: at(1) },
      { ...q4, trial: at(ratio) },
    ],
    ...spec,
  })
}

const only = (verdicts: ReturnType<typeof comparePlan>): MetricComparison =>
  verdicts.comparisons[0]?.cells[0]?.metrics[0] as MetricComparison

test('a plan says of its declared pair by how much B differs from A, block by block', () => {
  const verdicts = comparePlan(twoArms(1.1))
  expect(verdicts.comparisons).toHaveLength(1)
  const comparison = only(verdicts)
  expect(comparison).toMatchObject({ metric: 'decode_tps', declared: true, margin: 0.02, waiting: 0, losses: [] })
  expect(comparison.verdict).toEqual({ row: 'beyond-margin' })
  expect(comparison.estimate?.change).toBeCloseTo(1.1, 2)
  expect(comparison.estimate).toMatchObject({ of: 'blocks', n: 10, pairing: 'paired', interval: { confidence: 0.95 } })
  expect(comparison.blocks).toHaveLength(10)
  expect(comparison.standing).toBe('single-session')
})

test('blocks join the arms: what drifts with both of them is in no interval, and would hide the difference without them', () => {
  const { estimate, unblocked } = only(comparePlan(twoArms(1.03)))
  const width = (of: typeof estimate) => Math.log((of?.interval.high ?? 0) / (of?.interval.low ?? 1))
  expect(width(unblocked?.estimate)).toBeGreaterThan(10 * width(estimate))
  expect(unblocked?.row).toBe('inconclusive')
})
