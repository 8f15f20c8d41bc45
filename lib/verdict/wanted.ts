import type { Cell } from '../domain/cell.ts'
import type { Metric } from '../domain/metric.ts'
import type { Plan } from '../domain/plan.ts'
import type { NoiseFloor } from '../domain/noise-floor.ts'
import type { PlanVerdicts } from '../domain/verdict.ts'
import { type ArmPair, type Arms, matchedArms, pairsOfPlan } from './arm-pairs.ts'
import { hasInterval, isComparedOver, usualMargin, usualMetrics } from '../domain/compared-metric.ts'

/** What is asked for in place of what a plan declares; whatever goes beyond that is exploratory. */
export type Asked = {
  /** In place of the declared pairs. */
  arms?: readonly Arms[]
  /** In place of the declared metrics. */
  metrics?: readonly Metric[]
  /** In place of the declared ones. */
  margins?: Readonly<Partial<Record<Metric, number>>>
  /** What other plans say of the same cells: a second session that agrees makes a verdict replicated. */
  others?: readonly PlanVerdicts[]
  /** What earlier A/A runs say, where the plan has none of its own. */
  floors?: readonly NoiseFloor[]
}

/** A metric of two cells, as it is to be compared. */
export type WantedMetric = { metric: Metric; margin: number; declared: boolean }
export type WantedCells = { base: Cell; against: Cell; metrics: readonly WantedMetric[] }
export type WantedArms = Omit<ArmPair, 'cells'> & { declared: boolean; cells: readonly WantedCells[] }

/** Everything that is to be compared, in the order of the plan's pairs, strata, cells and metrics. */
export function wantedOf(plan: Plan, asked: Asked): WantedArms[] {
  const metrics = metricsOf(plan, asked)
  return (asked.arms ?? pairsOfPlan(plan)).flatMap((arms) => {
    const declared = isDeclared(plan, arms)
    return matchedArms(plan, arms).map((pair) => ({
      ...pair,
      declared,
      cells: pair.cells.map((cells) => ({ ...cells, metrics: metricsIn(cells, plan, { metrics, declared }) })),
    }))
  })
}

/** How many comparisons a plan declares: pair by metric by stratum, and by workload and load where it has several. */
export const declaredNumber = (plan: Plan): number => (plan.compare === undefined ? 0 : numberOf(wantedOf(plan, {})))

export const numberOf = (wanted: readonly WantedArms[]): number =>
  wanted.flatMap(({ cells }) => cells.flatMap(({ metrics }) => metrics)).length

/** The metrics by which a cell is held against itself. */
export const metricsFor = (plan: Plan, asked: Asked, cell: Cell): WantedMetric[] =>
  metricsIn({ base: cell, against: cell }, plan, { metrics: metricsOf(plan, asked), declared: true })

function metricsIn(
  { base, against }: { base: Cell; against: Cell },
  { cells }: Plan,
  { metrics, declared }: { metrics: readonly WantedMetric[]; declared: boolean },
): WantedMetric[] {
  return metrics
    .filter(({ metric }) => hasInterval(metric))
    .filter(({ metric }) => [base, against].some((cell) => isComparedOver(metric, cell, cells)))
    .map((each) => ({ ...each, declared: each.declared && declared }))
}

/** The metrics of a plan, or those that are asked for; one whose margin is another than the declared is not declared. */
function metricsOf({ compare, cells }: Plan, { metrics, margins = {} }: Asked): WantedMetric[] {
  const frozen = new Map(compare?.margins.map(({ metric, margin }) => [metric, margin]))
  const usual = () => [...new Set(cells.flatMap(({ config }) => usualMetrics(config)))]
  const wanted = metrics ?? (compare === undefined ? usual() : [...frozen.keys()])
  return wanted.map((metric) => {
    const declared = frozen.get(metric)
    const margin = margins[metric] ?? declared ?? usualMargin(metric) ?? 0
    return { metric, margin, declared: declared === margin }
  })
}

const isDeclared = ({ compare }: Plan, { base, against }: Arms): boolean =>
  compare?.pairs.some((pair) => pair.base === base && pair.against === against) ?? false
