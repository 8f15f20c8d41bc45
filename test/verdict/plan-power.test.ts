import { describe, expect, test } from 'vitest'
import type { Metric } from '../../lib/domain/metric.ts'
import type { Compare } from '../../lib/domain/plan.ts'
import { standardDeviation } from '../../lib/stats/mean.ts'
import { blocksNeeded, powerBeyond, powerDetect } from '../../lib/stats/power.ts'
import { comparePlan } from '../../lib/verdict/compare-plan.ts'
import { type PlannedPower, planPower } from '../../lib/verdict/plan-power.ts'
import { type ArmSpec, comparedOf, decoded, noise, type PlanSpec, scored, valued } from './compared-fixture.ts'

const speed: Compare['margins'] = [{ metric: 'decode_tps', margin: 0.02 }]
const arm = (threads: number, trial: ArmSpec['trial'], rest: Partial<ArmSpec> = {}): ArmSpec => ({
  axes: { 'backend.threads': threads },
  ...(trial && { trial }),
  ...rest,
})

/** Two arms whose launches differ by 2 %, in 40 blocks. */
const factors = ((draw) => Array.from({ length: 80 }, () => Math.exp(0.02 * draw())))(noise(3))
const [ofBase, ofAgainst] = [factors.slice(0, 40), factors.slice(40)]
const noisy: PlanSpec = {
  arms: [
    arm(1, (block) => decoded(100 * (ofBase[block] as number))),
    arm(2, (block) => decoded(130 * (ofAgainst[block] as number))),
  ],
  blocks: 40,
  margins: speed,
}
const deviation = standardDeviation(ofBase.map((factor, i) => Math.log((ofAgainst[i] as number) / factor)))

function powerOf(pilot: PlanSpec, effect = 0.03): PlannedPower[] {
  const compared = comparedOf(pilot)
  return planPower(compared.plan, comparePlan(compared), effect)
}
function planned(power: PlannedPower | undefined): Extract<PlannedPower, { kind: 'planned' }> {
  if (power?.kind !== 'planned') throw new Error(`not planned: ${JSON.stringify(power)}`)
  return power
}
const only = (pilot: PlanSpec, effect?: number) => planned(powerOf(pilot, effect)[0])

const needs = (powerAt: (blocks: number) => number) =>
  [0.8, 0.95].map((level) => ({ power: level, blocks: blocksNeeded(powerAt, { power: level, most: 1000 }) }))

test('blocks are counted by how much the blocks of the pilot vary, whatever its own effect', () => {
  const power = only(noisy)
  expect(power).toMatchObject({ metric: 'decode_tps', scale: 'ratio', change: 1.03, pilotBlocks: 40, margin: 0.02 })
  expect(power.deviation).toBeCloseTo(deviation, 10)
  const known = { effect: Math.log(1.03), deviation, confidence: 0.95 }
  expect(power.found).toEqual(needs((blocks) => powerDetect({ ...known, blocks })))
  expect(power.beyond).toEqual(needs((blocks) => powerBeyond({ ...known, margin: Math.log(1.02), blocks })))
})

test('no verdict is given on fewer than six blocks, so that none are promised', () => {
  expect(only(noisy, 0.5).found.map(({ blocks }) => blocks)).toEqual([6, 6])
})

test('an effect within the margin is never beyond it, and one that is hardly beyond needs more than there can be', () => {
  expect(only(noisy, 0.02).beyond).toBeUndefined()
  expect(only(noisy, 0.0201).beyond).toEqual([{ power: 0.8 }, { power: 0.95 }])
})

test('more declared comparisons need more blocks each, because each has to be surer', () => {
  const alone = only(noisy).found[0]?.blocks as number
  const several = only({
    ...noisy,
    margins: [...speed, { metric: 'e2e_ms', margin: 0.02 }, { metric: 'ttft_ms', margin: 0.05 }],
  })
  expect(several.found[0]?.blocks).toBeGreaterThan(alone)
})

test('a noise floor above the margin is what has to be exceeded', () => {
  const withTwins = (factor: number) =>
    only({
      ...noisy,
      arms: noisy.arms.map((each, i) => {
        const own = (block: number) => (i === 0 ? 100 * (ofBase[block] as number) : 130 * (ofAgainst[block] as number))
        return { ...each, twin: (block) => decoded(factor * own(block)) }
      }),
    })
  const byMargin = only(noisy).beyond?.[0]?.blocks as number
  expect(withTwins(1)).not.toHaveProperty('floor')
  expect(withTwins(1).beyond?.[0]?.blocks).toBe(byMargin)
  expect(withTwins(1.022).floor).toBeCloseTo(0.022, 6)
  expect(withTwins(1.022).beyond?.[0]?.blocks).toBeGreaterThan(byMargin)
})

test('arms that share no block are planned by the interval of both', () => {
  const [base, against] = noisy.arms as [ArmSpec, ArmSpec]
  const power = only({ ...noisy, arms: [base, { ...against, device: 'local-cuda' }] })
  const both = Math.hypot(...[ofBase, ofAgainst].map((some) => standardDeviation(some.map(Math.log))))
  expect(power.pilotBlocks).toBe(40)
  expect(power.deviation / both).toBeCloseTo(1, 2)
})

const plannedFor = (
  metric: Metric,
  margin: number,
  trial: (block: number) => ReturnType<typeof decoded>,
  rest: Partial<PlanSpec> = {},
) => powerOf({ arms: [arm(1, trial), arm(2, trial)], margins: [{ metric, margin }], ...rest })[0]

describe('what no number of blocks can be given for', () => {
  test('quality is decided by its chunks', () => {
    const power = plannedFor('perplexity', 0.01, () => scored([1, 2, 3]), { workloads: ['quality'] })
    expect(power).toMatchObject({ kind: 'unplanned', why: 'samples' })
  })

  test('one block says nothing of how blocks vary', () => {
    const power = plannedFor('decode_tps', 0.02, () => decoded(100), { blocks: 1 })
    expect(power).toMatchObject({ kind: 'unplanned', why: 'pilot' })
  })

  test('a difference of values that are 0 has no percentage; else it is one of the usual value, and of shares it has points', () => {
    const cores = (value: number) => plannedFor('cpu_cores', 0.1, (block) => valued('cpu_cores', value * (block % 2)))
    expect(cores(0)).toMatchObject({ kind: 'unplanned', why: 'no-scale' })
    expect(planned(cores(4))).toMatchObject({ scale: 'difference', change: 0.06 })
    const share = plannedFor('error_rate', 0.01, (block) => valued('error_rate', block % 2 === 0 ? 0 : 0.01))
    expect(planned(share)).toMatchObject({ scale: 'difference', change: 0.03 })
  })
})
