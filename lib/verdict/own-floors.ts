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
