import { expect, test } from 'vitest'
import type { PlanVerdicts } from '../../lib/domain/verdict.ts'
import { comparePlan } from '../../lib/verdict/compare-plan.ts'
import { type ArmSpec, comparedOf, decoded, type Measured, noise, only, twoArms, valued } from './compared-fixture.ts'

const f16 = { axes: { quantization: 'f16' } }
const q4 = { axes: { quantization: 'q4_0' } }

const rowsOf = ({ comparisons }: PlanVerdicts) =>
  comparisons.flatMap(({ cells }) => cells.flatMap(({ metrics }) => metrics.map(({ verdict }) => verdict.row)))

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

test('the same store gives the same verdicts, whatever order its trials come in', () => {
  const compared = twoArms(1.03)
  const again = { ...compared, trials: compared.trials.toReversed(), launches: compared.launches.toReversed() }
  expect(comparePlan(again)).toEqual(comparePlan(compared))
  expect(comparePlan(compared)).toEqual(comparePlan(compared))
})

const endingAt7 = (block: number) => (block < 7 ? decoded(100 + block) : { status: 'pending' as const })

test('a plan that has not ended has no verdict, and no estimate that one could stop at', () => {
  const found = only(
    comparePlan(
      comparedOf({
        arms: [
          { ...f16, trial: endingAt7 },
          { ...q4, trial: endingAt7 },
        ],
      }),
    ),
  )
  expect(found).toMatchObject({ verdict: { row: 'unfinished', waiting: 3, blocks: 10 }, waiting: 3 })
  expect(found).not.toHaveProperty('estimate')
  expect(found).not.toHaveProperty('standing')
  expect(found.blocks).toHaveLength(7)
})

test('a quick run has no verdict: 1 block', () => {
  const found = only(comparePlan(twoArms(1.5, { blocks: 1 })))
  expect(found.verdict).toEqual({ row: 'too-few-blocks', blocks: 1 })
  expect(found).not.toHaveProperty('estimate')
})

const losing = (lost: number): ArmSpec => ({
  ...q4,
  trial: (block) => (block < lost ? { status: 'failed', reason: 'out-of-memory' } : decoded(110 + (block % 2))),
})

const verdictOf = (lost: number) =>
  only(comparePlan(comparedOf({ arms: [{ ...f16, trial: () => decoded(100) }, losing(lost)] })))

test('more than a fifth of the blocks lost is invalid, up to a fifth is left out and told', () => {
  expect(verdictOf(3).verdict).toMatchObject({ row: 'invalid', blocks: 10 })
  expect(verdictOf(2)).toMatchObject({ verdict: { row: 'beyond-margin' }, estimate: { n: 8 } })
  expect(verdictOf(2).losses).toHaveLength(2)
})

test('a metric that nobody measures here has no blocks, which is no failure', () => {
  const found = only(comparePlan(twoArms(1.1, { margins: [{ metric: 'energy_j', margin: 0.02 }] })))
  expect(found.verdict).toEqual({ row: 'too-few-blocks', blocks: 0 })
})

const failing = (tps: number, failed: number): Measured => ({
  ...decoded(tps),
  metrics: { error_rate: { value: failed / 100 } },
  requests: { ok: 100 - failed, failed },
})

test('requests that fail more often in one arm leave speed uncompared, but for what counts failures itself', () => {
  const margins = [
    { metric: 'decode_tps' as const, margin: 0.02 },
    { metric: 'error_rate' as const, margin: 0.01 },
  ]
  const arms = [
    { ...f16, trial: () => failing(100, 0) },
    { ...q4, trial: () => failing(110, 12) },
  ]
  const [speed, errors] = comparePlan(comparedOf({ arms, margins })).comparisons[0]?.cells[0]?.metrics ?? []
  expect(speed?.verdict).toEqual({ row: 'error-rates', base: 0, against: 0.12 })
  expect(errors?.verdict).toEqual({ row: 'beyond-margin' })
})

const answering = (tokens: number): Measured => ({
  prompts: [{ promptId: 'p1', n: 1, outputTokens: tokens, metrics: { decode_tps: 100, e2e_ms: tokens * 10 } }],
})

test('answers of other lengths withhold what follows from length alone: rates stand', () => {
  const margins = [
    { metric: 'e2e_ms' as const, margin: 0.02 },
    { metric: 'decode_tps' as const, margin: 0.02 },
  ]
  const arms = [
    { ...f16, trial: () => answering(100) },
    { ...q4, trial: () => answering(82) },
  ]
  const [comparison] = comparePlan(comparedOf({ arms, margins })).comparisons
  const [e2e, rate] = comparison?.cells[0]?.metrics ?? []
  expect(e2e?.verdict).toEqual({ row: 'lengths-differ', change: 0.82 })
  expect(rate?.verdict.row).toBe('unresolved')
  expect(comparison?.joint.outcome).toBe('lengths-differ')
})

test('arms on other devices have blocks of their own, which nothing pairs', () => {
  const draw = noise(4)
  const at = (tps: number) => () => decoded(tps * Math.exp(0.01 * draw()))
  const arms = [
    { axes: { hardware: 'x' }, trial: at(100) },
    { axes: { hardware: 'y' }, device: 'local-cuda', trial: at(130) },
  ]
  const found = only(comparePlan(comparedOf({ arms })))
  expect(found).toMatchObject({
    verdict: { row: 'beyond-margin' },
    estimate: { pairing: 'unpaired', n: 10 },
    blocks: [],
  })
  expect(found).not.toHaveProperty('unblocked')
  expect(found.estimate?.change).toBeCloseTo(1.3, 1)
})

test('a difference that is open says about how many more blocks would decide', () => {
  const { verdict } = only(comparePlan(twoArms(1.01, { jitter: 0.02 })))
  expect(verdict.row).toBe('inconclusive')
  expect(verdict).toHaveProperty('moreBlocks')
  expect((verdict as { moreBlocks: number }).moreBlocks).toBeGreaterThan(0)
})

const priced = (tps: number): Measured => ({ ...decoded(tps), ...valued('usd_per_mtok', 40 / tps) })

test('the prices of two arms are compared beside their speed', () => {
  const margins = [
    { metric: 'decode_tps' as const, margin: 0.02 },
    { metric: 'usd_per_mtok' as const, margin: 0.02 },
  ]
  const arms = [
    { ...f16, trial: () => priced(100) },
    { ...q4, trial: () => priced(125) },
  ]
  const verdicts = comparePlan(comparedOf({ arms, margins }))
  expect(rowsOf(verdicts)).toEqual(['beyond-margin', 'beyond-margin'])
  expect(verdicts.comparisons[0]?.joint).toEqual({
    outcome: 'quality-unknown',
    speed: 'decode_tps',
    beside: ['usd_per_mtok'],
  })
})

test('each arm is compared with the first of its stratum where a file names no pairs', () => {
  const third = { axes: { quantization: 'q8_0' }, trial: () => decoded(105) }
  const { comparisons } = comparePlan(
    comparedOf({ arms: [f16, q4, third].map((arm) => ({ trial: () => decoded(100), ...arm })), margins: null }),
  )
  expect(comparisons.map(({ base, against }) => [base.arm, against.arm])).toEqual([
    ['{"quantization":"f16"}', '{"quantization":"q4_0"}'],
    ['{"quantization":"f16"}', '{"quantization":"q8_0"}'],
  ])
})

test('answers of a trial that failed have no part in how long answers are', () => {
  const cut: Measured = {
    status: 'failed',
    reason: 'crashed',
    prompts: [{ promptId: 'p1', n: 1, outputTokens: 1, metrics: {} }],
  }
  const arms = [
    { ...f16, trial: () => answering(100) },
    { ...q4, trial: (block: number) => (block < 2 ? cut : answering(100)) },
  ]
  const margins = [{ metric: 'e2e_ms' as const, margin: 0.02 }]
  expect(only(comparePlan(comparedOf({ arms, margins }))).verdict.row).toBe('unresolved')
})

const slow = (tps: number, ids: readonly string[]): Measured => ({
  prompts: ids.map((promptId) => ({ promptId, n: 1, metrics: { decode_tps: promptId === 'long' ? tps / 10 : tps } })),
})

test('arms apart are compared over the prompts that all of their trials finished', () => {
  const arms = [
    { axes: { hardware: 'x' }, trial: () => slow(100, ['short', 'long']) },
    {
      axes: { hardware: 'y' },
      device: 'local-cuda',
      trial: (block: number) => slow(110, block < 3 ? ['short'] : ['short', 'long']),
    },
  ]
  expect(only(comparePlan(comparedOf({ arms }))).estimate?.change).toBeCloseTo(1.1, 10)
})
