import { expect, test } from 'vitest'
import { hostClass, type NoiseFloor } from '../../lib/domain/noise-floor.ts'
import { comparePlan } from '../../lib/verdict/compare-plan.ts'
import { measuredFloors } from '../../lib/verdict/floor-places.ts'
import { type ArmSpec, comparedOf, decoded, noise, only, twoArms } from './compared-fixture.ts'

const draw = noise(5)
const steady: ArmSpec = {
  axes: { quantization: 'f16' },
  trial: () => decoded(100 * Math.exp(0.004 * draw())),
  twin: () => decoded(100 * Math.exp(0.004 * draw())),
}
/** A plan whose first arm ran against itself. */
const twinned = (change: Partial<Parameters<typeof comparedOf>[0]> = {}) => comparedOf({ arms: [steady], ...change })
const floorsOf = (compared: ReturnType<typeof twinned>) => measuredFloors(compared, comparePlan(compared).twins)

test('A/A launches say what a target cannot tell apart: the farther end of their interval', () => {
  const compared = twinned()
  const [floor, ...others] = floorsOf(compared)
  expect(others).toEqual([])
  const { interval } = comparePlan(compared).twins[0]?.cells[0]?.metrics[0]?.estimate ?? {
    interval: { low: 0, high: 0 },
  }
  const far = Math.max(1 / interval.low, interval.high) - 1
  expect(floor?.floor).toBeCloseTo(far, 12)
  expect(floor?.floor).toBeLessThan(0.02)
  const host = hostClass(Object.values(compared.manifests)[0]?.manifest.host as Parameters<typeof hostClass>[0])
  expect(floor).toMatchObject({ host, device: 'local-cpu', engine: 'llama.cpp', metric: 'decode_tps', blocks: 10 })
  expect(floor).toMatchObject({ planId: compared.plan.id, measuredAtMs: 0 })
})

const loud = (share: number) => () => decoded(100 * Math.exp(share * draw()))

test('of several cells the highest floor holds; too few blocks have none, nor has quality', () => {
  const strata = [{ 'backend.threads': 1 }, { 'backend.threads': 2 }]
  const compared = comparedOf({ arms: [{ ...steady, trial: loud(0.03), twin: loud(0.03) }], strata })
  const each = comparePlan(compared).twins.map((twin) => measuredFloors(compared, [twin])[0]?.floor ?? 0)
  expect(each).toHaveLength(2)
  expect(each[0]).not.toBe(each[1])
  expect(floorsOf(compared).map(({ floor }) => floor)).toEqual([Math.max(...each)])
  expect(floorsOf(twinned({ blocks: 3 }))).toEqual([])
  const margins = [{ metric: 'perplexity' as const, margin: 0.01 }]
  expect(floorsOf(twinned({ workloads: ['quality'], margins }))).toEqual([])
})

const known = (change: Partial<NoiseFloor> = {}): NoiseFloor => ({
  ...(floorsOf(twinned())[0] as NoiseFloor),
  ...change,
})
const verdictWith = (...floors: NoiseFloor[]) => only(comparePlan(twoArms(1), { floors }))

test('a floor that was measured before decides whether two arms are equivalent', () => {
  expect(only(comparePlan(twoArms(1))).verdict).toEqual({ row: 'unresolved' })
  expect(verdictWith(known({ floor: 0.012 }))).toMatchObject({ floor: 0.012, verdict: { row: 'equivalent' } })
  expect(verdictWith(known({ floor: 0.031 }))).toMatchObject({ verdict: { row: 'unresolved', floor: 0.031 } })
})

test('one of another machine, engine, device or metric, or of more blocks, says nothing here', () => {
  for (const change of [
    { host: '{}' },
    { engine: 'vllm' },
    { device: 'local-cuda' },
    { metric: 'ttft_ms' },
    { blocks: 20 },
  ] as const)
    expect(verdictWith(known(change))).not.toHaveProperty('floor')
})

test('arms of two engines need the floors of both, and the higher one holds', () => {
  const arms = (['llama.cpp', 'transformers'] as const).map((kind): ArmSpec => ({
    axes: { backend: kind },
    config: (config) => ({ ...config, backend: { ...config.backend, kind } as typeof config.backend }),
    trial: () => decoded(100 * Math.exp(0.001 * draw())),
  }))
  const found = (floors: NoiseFloor[]) => only(comparePlan(comparedOf({ arms }), { floors })).floor
  const [one, other] = [known({ floor: 0.01 }), known({ floor: 0.015, engine: 'transformers' })]
  expect(found([one])).toBeUndefined()
  expect(found([one, other])).toBe(0.015)
})

test('a plan’s own A/A launches come before what others have measured', () => {
  const compared = comparedOf({ arms: [steady, { axes: { quantization: 'q4_0' }, trial: () => decoded(100) }] })
  const own = only(comparePlan(compared)).floor
  expect(own).toBeGreaterThan(0)
  expect(only(comparePlan(compared, { floors: [known({ floor: 0.5 })] })).floor).toBe(own)
})
