import { expect, test } from 'vitest'
import type { Metric } from '../../lib/domain/metric.ts'
import type { MetricComparison, PlanVerdicts, Verdict } from '../../lib/domain/verdict.ts'
import { reproduction } from '../../lib/verdict/reproduction.ts'

type Said = { row: Verdict['row']; low?: number; high?: number; metric?: Metric; declared?: boolean }

function comparison({ row, low, high, metric = 'decode_tps', declared = true }: Said): MetricComparison {
  const ends = low === undefined || high === undefined ? undefined : { low, high, confidence: 0.95 }
  return {
    metric,
    base: 'a',
    against: 'b',
    declared,
    margin: 0.02,
    verdict: { row } as Verdict,
    blocks: ends === undefined ? [] : [{ block: 0, change: ends.low, base: 10, against: 10 * ends.low, first: 'base' }],
    losses: [],
    waiting: 0,
    ...(ends && {
      estimate: {
        scale: 'ratio' as const,
        change: Math.sqrt(ends.low * ends.high),
        interval: ends,
        equivalence: ends,
        of: 'blocks' as const,
        n: 8,
        pairing: 'paired' as const,
      },
    }),
  }
}

const arm = (name: string) => ({ arm: `{"quantization":"${name}"}`, stratum: '{}' })

function verdicts(...all: readonly Said[]): PlanVerdicts {
  const cells = [{ base: 'a', against: 'b', metrics: all.map(comparison) }]
  const joint = { outcome: 'open' as const, beside: [] }
  const comparisons = [{ base: arm('f16'), against: arm('q4_0'), declared: true, onServers: false, cells, joint }]
  return { planId: 'x', comparisons, twins: [] }
}

/** Of one metric of both. */
function judged(there: Said, here: Said): string {
  const { outcome: all, pairs } = reproduction(verdicts(there), verdicts(here))
  const [metric] = pairs.flatMap(({ metrics }) => metrics)
  return `${all}: ${metric?.outcome}, ${metric?.reason}`
}

const faster = { row: 'beyond-margin', low: 1.28, high: 1.36 } as const
const within = { row: 'equivalent', low: 0.995, high: 1.004 } as const
const open = { row: 'inconclusive', low: 0.97, high: 1.05 } as const

test('the same direction and overlapping intervals: reproduced', () => {
  expect(judged(faster, { row: 'beyond-margin', low: 1.3, high: 1.4 })).toBe('reproduced: reproduced, same-direction')
  expect(judged(faster, { row: 'different', low: 1.1, high: 1.3 })).toBe('reproduced: reproduced, same-direction')
  const slower = { row: 'beyond-margin', low: 0.7, high: 0.8 } as const
  expect(judged(slower, { ...slower, high: 0.75 })).toBe('reproduced: reproduced, same-direction')
})

/** Logarithms of ratios. */
const line = (low: number, high: number): Said => ({ row: 'beyond-margin', low: Math.exp(low), high: Math.exp(high) })

test('an interval that reaches twice what the other lab found is too wide to say that it is the same', () => {
  const vague = 'inconclusive: inconclusive, size-open'
  expect(judged(line(0.2, 0.2), line(0.1, 0.39))).toBe('reproduced: reproduced, same-direction')
  expect(judged(line(0.2, 0.2), line(0.1, 0.41))).toBe(vague)
  expect(judged(line(-0.2, -0.2), line(-0.41, -0.1))).toBe(vague)
  // The bundle is the vague one: it may say ten times what was found here.
  expect(judged(line(0.02, 1.1), line(0.05, 0.06))).toBe(vague)
  expect(judged(faster, { row: 'different', low: 1.01, high: 1.3 })).toBe(vague)
})

test('what a target cannot resolve is no claim, on whichever side of no change its interval lies', () => {
  const unresolved = { row: 'unresolved', low: 1.002, high: 1.006 } as const
  expect(judged(unresolved, unresolved)).toBe('inconclusive: nothing-claimed, open-there')
  expect(judged({ ...unresolved, row: 'different' }, unresolved)).toBe('inconclusive: inconclusive, open-here')
})

test('intervals with nothing in common are not reproduced, though the direction is the same', () => {
  expect(judged(faster, { row: 'beyond-margin', low: 1.06, high: 1.1 })).toBe('not-reproduced: not-reproduced, apart')
  expect(judged({ row: 'beyond-margin', low: 0.6, high: 0.7 }, faster)).toBe('not-reproduced: not-reproduced, apart')
  expect(judged(open, faster)).toBe('not-reproduced: not-reproduced, apart')
})

test('within the margin here and there is reproduced; within it and beyond it is not', () => {
  expect(judged(within, { row: 'within-margin-but-different', low: 1.001, high: 1.006 })).toBe(
    'reproduced: reproduced, both-within',
  )
  const beyond = { row: 'beyond-margin', low: 1.0201, high: 1.04 } as const
  const wide = { row: 'within-margin-but-different', low: 1.001, high: 1.0203 } as const
  expect(judged(wide, beyond)).toBe('not-reproduced: not-reproduced, within-and-beyond')
  expect(judged(beyond, wide)).toBe('not-reproduced: not-reproduced, within-and-beyond')
})

test('what is open here is open, and what the bundle leaves open claims nothing', () => {
  expect(judged({ ...faster, low: 1.02, high: 1.1 }, open)).toBe('inconclusive: inconclusive, open-here')
  expect(judged(within, open)).toBe('inconclusive: inconclusive, open-here')
  expect(judged(open, within)).toBe('inconclusive: nothing-claimed, open-there')
  expect(judged(open, open)).toBe('inconclusive: nothing-claimed, open-there')
})

test('where a lab has no verdict it says so: too few blocks are open, arms that differ are not comparable', () => {
  expect(judged(faster, { row: 'too-few-blocks' })).toBe('inconclusive: inconclusive, no-verdict-here')
  expect(judged(faster, { row: 'unfinished' })).toBe('inconclusive: inconclusive, no-verdict-here')
  expect(judged(faster, { row: 'not-comparable' })).toBe('not-comparable: not-comparable, no-verdict-here')
  expect(judged(faster, { row: 'invalid' })).toBe('not-comparable: not-comparable, no-verdict-here')
  expect(judged({ row: 'not-comparable' }, faster)).toBe('not-comparable: nothing-claimed, no-verdict-there')
  expect(judged({ row: 'too-few-blocks' }, faster)).toBe('inconclusive: nothing-claimed, no-verdict-there')
  expect(judged(faster, { ...faster, metric: 'ttft_ms' })).toBe('not-comparable: not-comparable, not-measured-here')
})

const outcome = (there: readonly Said[], here: readonly Said[]) =>
  reproduction(verdicts(...there), verdicts(...here)).outcome

test('one metric that is not reproduced decides, and one that claims nothing does not', () => {
  const other = { ...open, metric: 'ttft_ms' } as const
  expect(outcome([faster, other], [faster, other])).toBe('reproduced')
  expect(outcome([faster, { ...faster, metric: 'ttft_ms' }], [faster, other])).toBe('not-reproduced')
  expect(outcome([faster, { ...within, metric: 'ttft_ms' }], [faster, other])).toBe('inconclusive')
  const lost = { row: 'invalid', metric: 'ttft_ms' } as const
  expect(outcome([faster, { ...within, metric: 'ttft_ms' }], [faster, lost])).toBe('inconclusive')
})

test('what was not declared decides only where nothing was', () => {
  const extra = { ...faster, metric: 'ttft_ms', declared: false } as const
  const otherwise = { ...extra, low: 0.7, high: 0.8 }
  expect(reproduction(verdicts(faster, extra), verdicts(faster, otherwise)).outcome).toBe('reproduced')
  expect(reproduction(verdicts(extra), verdicts(otherwise)).outcome).toBe('not-reproduced')
})

test('the arms’ own values stand beside it, and nobody judges them', () => {
  const there = verdicts(faster)
  const [pair] = reproduction(there, verdicts({ ...faster, low: 1.3 })).pairs
  expect(pair?.metrics[0]?.values).toEqual({
    there: { base: expect.closeTo(10), against: expect.closeTo(12.8) },
    here: { base: expect.closeTo(10), against: expect.closeTo(13) },
  })
})
