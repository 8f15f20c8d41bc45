import type { Cell } from '../domain/cell.ts'
import type { Metric } from '../domain/metric.ts'
import type { ArmComparison, Estimate, MetricComparison } from '../domain/verdict.ts'
import { scales } from './change-scale.ts'

/** The farther end of an A/A comparison's interval, on the scale of margins: 0.03 is 3 % up or down. */
export function floorOf({ scale, interval }: Pick<Estimate, 'scale' | 'interval'>): number {
  const { place } = scales[scale]
  const far = Math.max(...[interval.low, interval.high].map((end) => Math.abs(place(end) ?? Infinity)))
  return scale === 'ratio' ? Math.expm1(far) : far
}

/** What the plan's own A/A runs say of two cells: of both arms' floors the larger. */
export function ownFloor(
  twins: readonly ArmComparison[],
  { base, against }: Pick<MetricComparison, 'base' | 'against'>,
  metric: Metric,
): number | undefined {
  const floors = twins
    .flatMap(({ cells }) => cells.filter((cell) => cell.base === base || cell.base === against))
    .flatMap(({ metrics }) =>
      metrics.flatMap((each) => (each.metric === metric && each.estimate ? [floorOf(each.estimate)] : [])),
    )
  return floors.length === 0 ? undefined : Math.max(...floors)
}

/**
 * The A/A comparisons that say something of two cells: all where both run one engine. Of two engines those metrics that both have twins
 * for: what one cannot tell apart says nothing of the other.
 */
export function tellingTwins(
  twins: readonly ArmComparison[],
  { base, against }: { base: Cell; against: Cell },
): readonly ArmComparison[] {
  if (base.config.backend.kind === against.config.backend.kind) return twins
  const [known, others] = [base, against].map(({ id }) => knownMetrics(twins, id)) as [Set<Metric>, Set<Metric>]
  const both = new Set([...known].filter((metric) => others.has(metric)))
  return twins.map((twin) => ({
    ...twin,
    cells: twin.cells.map((cell) => ({ ...cell, metrics: cell.metrics.filter(({ metric }) => both.has(metric)) })),
  }))
}

const knownMetrics = (twins: readonly ArmComparison[], cellId: string): Set<Metric> =>
  new Set(
    twins
      .flatMap(({ cells }) => cells.filter(({ base }) => base === cellId))
      .flatMap(({ metrics }) => metrics.flatMap(({ metric, estimate }) => (estimate === undefined ? [] : [metric]))),
  )
