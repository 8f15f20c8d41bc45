import { expect, test } from 'vitest'
import { comparePlan } from '../../lib/verdict/compare-plan.ts'
import { only, type PlanSpec, twoArms } from './compared-fixture.ts'

test('every declared comparison makes the others surer: pair by metric by stratum', () => {
  const margins = [
    { metric: 'decode_tps' as const, margin: 0.02 },
    { metric: 'ttft_ms' as const, margin: 0.05 },
  ]
  const spec: Partial<PlanSpec> = { margins, strata: [{ model: 'a' }, { model: 'b' }] }
  const { comparisons } = comparePlan(twoArms(1.1, spec))
  expect(comparisons).toHaveLength(2)
  const { estimate } = comparisons[0]?.cells[0]?.metrics[0] ?? {}
  expect(estimate?.interval.confidence).toBeCloseTo(1 - 0.05 / 4, 12)
  expect(estimate?.equivalence.confidence).toBeCloseTo(1 - 0.1 / 4, 12)
  const one = comparePlan(twoArms(1.1, spec), { metrics: ['decode_tps'] }).comparisons[0]?.cells[0]?.metrics[0]
  expect(one?.declared).toBe(true)
  expect(one?.estimate?.interval.confidence).toBeCloseTo(1 - 0.05 / 4, 12)
})

test('a metric is counted where a cell can have it: perplexity of no answers, speed of no scoring', () => {
  const margins = [
    { metric: 'decode_tps' as const, margin: 0.02 },
    { metric: 'perplexity' as const, margin: 0.01 },
  ]
  const { comparisons } = comparePlan(twoArms(1.1, { margins, workloads: ['decode', 'quality'] }))
  expect(comparisons[0]?.cells.map(({ metrics }) => metrics.map(({ metric }) => metric))).toEqual([
    ['decode_tps'],
    ['perplexity'],
  ])
  expect(comparisons[0]?.cells[0]?.metrics[0]?.estimate?.interval.confidence).toBeCloseTo(0.975, 12)
})

test('what every launch has is compared over the work that is timed, and over scoring where nothing else is asked', () => {
  const margins = [
    { metric: 'pss_peak_bytes' as const, margin: 0.05 },
    { metric: 'perplexity' as const, margin: 0.01 },
  ]
  const compared = (workloads: PlanSpec['workloads'] & {}) =>
    comparePlan(twoArms(1.1, { margins, workloads })).comparisons[0]?.cells.map(({ metrics }) =>
      metrics.map(({ metric }) => metric),
    )
  expect(compared(['decode', 'quality'])).toEqual([['pss_peak_bytes'], ['perplexity']])
  expect(compared(['quality'])).toEqual([['pss_peak_bytes', 'perplexity']])
})

test('what a plan does not declare is exploratory: other arms, metrics or margins, and all of a plan that declares nothing', () => {
  const compared = twoArms(1.1)
  const [a = '', b = ''] = compared.plan.cells.map(({ arm }) => arm)
  const declared = (asked: Parameters<typeof comparePlan>[1]) => {
    const [comparison] = comparePlan(compared, asked).comparisons
    return [comparison?.declared, comparison?.cells[0]?.metrics[0]?.declared]
  }
  expect(declared({})).toEqual([true, true])
  expect(declared({ arms: [{ base: a, against: b }] })).toEqual([true, true])
  expect(declared({ arms: [{ base: b, against: a }] })).toEqual([false, false])
  expect(declared({ metrics: ['load_ms'] })).toEqual([true, false])
  expect(declared({ margins: { decode_tps: 0.5 } })).toEqual([true, false])
  expect(declared({ margins: { decode_tps: 0.02 } })).toEqual([true, true])
  const free = comparePlan(twoArms(1.1, { margins: null }))
  expect(free.comparisons[0]).toMatchObject({
    declared: false,
    cells: [
      {
        metrics: [
          { metric: 'decode_tps', declared: false, margin: 0.02 },
          { metric: 'ttft_ms', declared: false, margin: 0.05 },
        ],
      },
    ],
  })
})

test('a margin given later does not change a verdict that was declared into an easier one', () => {
  const compared = twoArms(1.015)
  expect(only(comparePlan(compared)).declared).toBe(true)
  const easier = only(comparePlan(compared, { margins: { decode_tps: 0.001 } }))
  expect(easier).toMatchObject({ declared: false, margin: 0.001, verdict: { row: 'beyond-margin' } })
})

test('what is asked for beyond the declared makes that surer, and leaves the declared as it was', () => {
  const metrics = comparePlan(twoArms(1.1), { metrics: ['decode_tps', 'load_ms', 'ttft_ms'] }).comparisons[0]?.cells[0]
    ?.metrics
  expect(metrics?.[0]).toMatchObject({ declared: true, estimate: { interval: { confidence: 0.95 } } })
  const alone = comparePlan(twoArms(1.1, { margins: null }), { metrics: ['decode_tps', 'load_ms'] })
  expect(only(alone).estimate?.interval.confidence).toBeCloseTo(0.975, 12)
})
