import { expect, test } from 'vitest'
import type { CellConfig } from '../../lib/domain/cell.ts'
import { comparePlan } from '../../lib/verdict/compare-plan.ts'
import { comparedOf, decoded, noise, only, type PlanSpec } from './compared-fixture.ts'

/** Two arms alike, the first of which runs twice in each block; `apart`: by how much two launches of it differ on average. */
function withTwins(apart: number, spec: Partial<PlanSpec> = {}) {
  const draw = noise(12)
  const at = (factor: number) => (block: number) => decoded((100 + block) * factor * Math.exp(0.002 * draw()))
  const arms = [
    { axes: { quantization: 'f16' }, trial: at(1), twin: at(1 + apart) },
    { axes: { quantization: 'q4_0' }, trial: at(1.001) },
  ]
  return comparePlan(comparedOf({ arms, ...spec }))
}

test('an arm that ran twice in each block is compared with itself, at 95 %, and its farther end is the noise floor', () => {
  const verdicts = withTwins(0)
  expect(verdicts.twins).toHaveLength(1)
  const [twin] = verdicts.twins[0]?.cells[0]?.metrics ?? []
  expect(twin?.base).toBe(twin?.against)
  expect(twin?.estimate).toMatchObject({ n: 10, interval: { confidence: 0.95 } })
  const { low, high } = twin?.estimate?.interval ?? { low: 0, high: 0 }
  const found = only(verdicts)
  expect(found.floor).toBeCloseTo(Math.max(high, 1 / low) - 1, 12)
  expect(found.verdict.row).toBe('equivalent')
})

test('without a noise floor, or with one above the margin, nothing is equivalent', () => {
  const apart = only(withTwins(0.05))
  expect(apart.floor).toBeGreaterThan(0.04)
  expect(apart.verdict).toEqual({ row: 'unresolved', floor: apart.floor })
  const arms = [
    { axes: { quantization: 'f16' }, trial: () => decoded(100) },
    { axes: { quantization: 'q4_0' }, trial: () => decoded(100) },
  ]
  expect(only(comparePlan(comparedOf({ arms }))).verdict).toEqual({ row: 'unresolved' })
})

const fewTwins = (block: number) => (block < 4 ? decoded(100) : undefined)

test('too few blocks of twins know no floor', () => {
  const arms = [
    { axes: { quantization: 'f16' }, trial: () => decoded(100), twin: fewTwins },
    { axes: { quantization: 'q4_0' }, trial: () => decoded(100) },
  ]
  const verdicts = comparePlan(comparedOf({ arms }))
  expect(only(verdicts)).not.toHaveProperty('floor')
  expect(verdicts.twins[0]?.cells[0]?.metrics[0]?.verdict).toEqual({ row: 'too-few-blocks', blocks: 4 })
})

test('the trials of twins are none of the cell’s own', () => {
  const arms = [
    { axes: { quantization: 'f16' }, trial: () => decoded(100), twin: () => decoded(500) },
    { axes: { quantization: 'q4_0' }, trial: () => decoded(110) },
  ]
  const found = only(comparePlan(comparedOf({ arms })))
  expect(found.estimate?.change).toBeCloseTo(1.1, 10)
  expect(found.blocks).toHaveLength(10)
})

test('an arm against itself has its own farther end for a floor', () => {
  const [twin] = withTwins(0).twins[0]?.cells[0]?.metrics ?? []
  expect(twin?.verdict).toEqual({ row: 'equivalent' })
  expect(twin?.floor).toBe(only(withTwins(0)).floor)
})

test('the floor of one engine is none of another’s', () => {
  const arms = [
    { axes: { backend: 'a' }, trial: () => decoded(100), twin: () => decoded(100) },
    { axes: { backend: 'b' }, trial: () => decoded(100), config: inPython },
  ]
  expect(only(comparePlan(comparedOf({ arms }))).verdict).toEqual({ row: 'unresolved' })
  const both = arms.map((arm) => ({ ...arm, twin: () => decoded(100) }))
  expect(only(comparePlan(comparedOf({ arms: both })))).toMatchObject({ floor: 0, verdict: { row: 'equivalent' } })
})

const inPython = (config: CellConfig): CellConfig => ({
  ...config,
  backend: { name: 't', kind: 'transformers', dtype: 'auto', threads: 1, contextSize: 512, args: {}, env: {} },
})
