import { expect, test } from 'vitest'
import type { Metric } from '../../lib/domain/metric.ts'
import { sentinelDrifts } from '../../lib/verdict/sentinel-drift.ts'
import { comparePlan } from '../../lib/verdict/compare-plan.ts'
import { comparedOf, decoded, noise } from './compared-fixture.ts'

const base = comparedOf({ arms: [{ axes: { quantization: 'f16' }, trial: () => decoded(100) }] })
const [cell] = base.plan.cells
type Values = Partial<Record<Metric, number>>

/** The plan with a sentinel before every second block and one after the last. */
function watched(values: (at: number) => Values, invalid: (at: number) => boolean = () => false) {
  const places = [0, 2, 4, 6, 8, 10]
  const sentinels = places.map((at, i) => ({
    ...(base.launches[0] as (typeof base.launches)[number]),
    id: 100 + i,
    ordinal: i === places.length - 1 ? 1000 : i,
    block: Math.min(at, 9),
    role: 'sentinel' as const,
  }))
  const trials = sentinels.map(({ id, block }, i) => ({
    ...(base.trials[0] as (typeof base.trials)[number]),
    id,
    launchId: id,
    block,
    cellId: cell?.id ?? '',
    invalid: invalid(places[i] ?? 0) ? [{ reason: 'contention' as const, detail: '' }] : [],
    metrics: Object.fromEntries(Object.entries(values(places[i] ?? 0)).map(([name, value]) => [name, { value }])),
  }))
  return { ...base, launches: [...base.launches, ...sentinels], trials: [...base.trials, ...trials] }
}

test('a machine that becomes slower is told with its change over the session, and its interval', () => {
  const draw = noise(1)
  const [drift, ...others] = sentinelDrifts(
    watched((at) => ({ decode_tps: 50 * 0.99 ** at * Math.exp(0.002 * draw()) })),
  )
  expect(others).toEqual([])
  expect(drift).toMatchObject({ metric: 'decode_tps', cellId: cell?.id, margin: 0.02, n: 6, isMore: true })
  expect(drift?.change).toBeCloseTo(0.99 ** 10, 2)
  expect(drift?.interval.low).toBeLessThan(drift?.change ?? 0)
  expect(drift?.interval.high).toBeGreaterThan(drift?.change ?? 1)
})

test('what is within the margin, or no more than chance, is no warning', () => {
  const draw = noise(2)
  expect(sentinelDrifts(watched((at) => ({ decode_tps: 50 * 1.001 ** at })))[0]?.isMore).toBe(false)
  expect(sentinelDrifts(watched(() => ({ decode_tps: 50 * Math.exp(0.1 * draw()) })))[0]?.isMore).toBe(false)
})

const wild = (at: number) => ({ decode_tps: at === 4 ? 500 : 50 })

test('invalid trials have no part in it, and of fewer than three nothing is said', () => {
  const found = sentinelDrifts(watched(wild, (at) => at === 4))
  expect(found[0]).toMatchObject({ change: 1, n: 5, isMore: false })
  expect(sentinelDrifts(watched(wild, (at) => at > 2))).toEqual([])
  expect(sentinelDrifts(base)).toEqual([])
})

test('without a comparison the usual metrics are looked at', () => {
  const plain = watched((at) => ({ decode_tps: 50 * 0.9 ** at, ttft_ms: 10 }))
  const { compare: _, ...plan } = plain.plan
  expect(sentinelDrifts({ ...plain, plan }).map(({ metric, isMore }) => [metric, isMore])).toEqual([
    ['decode_tps', true],
    ['ttft_ms', false],
  ])
})

test('what is said of a plan has it', () => {
  expect(comparePlan(watched((at) => ({ decode_tps: 50 * 0.99 ** at }))).drifts).toHaveLength(1)
  expect(comparePlan(base)).not.toHaveProperty('drifts')
})
