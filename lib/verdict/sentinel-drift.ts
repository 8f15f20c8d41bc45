import { appliesTo, usualMargin, usualMetrics } from '../domain/compared-metric.ts'
import type { Cell } from '../domain/cell.ts'
import { isQuality, type Metric } from '../domain/metric.ts'
import type { LaunchRow, TrialRow } from '../domain/plan-data.ts'
import type { Plan } from '../domain/plan.ts'
import type { SentinelDrift } from '../domain/verdict.ts'
import { slopeInterval } from '../stats/slope-interval.ts'
import { scaleOfMetric } from './change-scale.ts'

type Seen = {
  plan: Pick<Plan, 'blocks' | 'cells' | 'compare'>
  launches: readonly Pick<LaunchRow, 'id' | 'ordinal' | 'block' | 'role'>[]
  /** Those that count; what is no sentinel's is passed over. */
  trials: readonly Pick<TrialRow, 'launchId' | 'cellId' | 'status' | 'invalid' | 'metrics'>[]
}

const confidence = 0.95

/**
 * By how much a plan's sentinel changed through the session, in each declared metric that it has (else the usual ones): the slope over
 * blocks of its values, of a ratio of their logarithms, times the blocks between the first and the last. Trials that are invalid
 * have no part in it. Of fewer than three nothing can be said.
 */
export function sentinelDrifts(seen: Seen): SentinelDrift[] {
  const sentinels = new Map(
    seen.launches.flatMap((each) => (each.role === 'sentinel' ? [[each.id, each] as const] : [])),
  )
  const end = Math.max(...[...sentinels.values()].map(({ ordinal }) => ordinal))
  const trials = seen.trials.flatMap((trial) => {
    const launch = sentinels.get(trial.launchId)
    if (launch === undefined || trial.status !== 'ok' || trial.invalid.length > 0) return []
    // The one that closes the session comes after its last block.
    return [{ trial, at: launch.ordinal === end ? seen.plan.blocks : launch.block }]
  })
  const cell = seen.plan.cells.find(({ id }) => id === trials[0]?.trial.cellId)
  if (cell === undefined) return []
  return metricsOf(seen.plan, cell).flatMap(({ metric, margin }) => {
    const points = trials.flatMap(({ trial, at }) => {
      const place = scaleOfMetric(metric).place(trial.metrics[metric]?.value ?? Number.NaN)
      return place === undefined ? [] : [[at, place] as const]
    })
    return driftOf(points, { metric, margin, cellId: cell.id }) ?? []
  })
}

function metricsOf({ compare }: Seen['plan'], { config }: Cell): { metric: Metric; margin: number }[] {
  const usual = usualMetrics(config).map((metric) => ({ metric, margin: usualMargin(metric) ?? 0 }))
  const declared = (compare?.margins ?? []).filter(({ metric }) => appliesTo(metric, config))
  return (declared.length > 0 ? declared : usual).filter(({ metric }) => !isQuality(metric))
}

type About = Pick<SentinelDrift, 'metric' | 'margin' | 'cellId'>

function driftOf(points: readonly (readonly [number, number])[], about: About): SentinelDrift | undefined {
  const found = slopeInterval(points, confidence)
  if (found === undefined) return undefined
  const { value, reach } = scaleOfMetric(about.metric)
  const places = points.map(([at]) => at)
  const span = Math.max(...places) - Math.min(...places)
  const isMore = Math.abs(found.slope * span) > reach(about.margin) && (found.low > 0 || found.high < 0)
  const [change, low, high] = [found.slope, found.low, found.high].map((slope) => value(slope * span)) as [
    number,
    number,
    number,
  ]
  return { ...about, change, interval: { low, high, confidence }, n: found.n, isMore }
}
