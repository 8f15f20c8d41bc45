import type { Estimate, MetricComparison, VerdictRow } from '../domain/verdict.ts'
import type { ShownMetric } from './shown-pair.ts'

const weighing: readonly VerdictRow[] = [
  'beyond-margin',
  'unresolved',
  'within-margin-but-different',
  'equivalent',
  'different',
  'inconclusive',
]

/** A comparison whose verdict reads an interval: of any other a chart would show what nothing may be read from. */
export type Weighed = ShownMetric & { comparison: MetricComparison & { estimate: Estimate } }

/** Those of `metrics` whose verdict was read from an interval. */
export function weighedOf(metrics: readonly ShownMetric[]): Weighed[] {
  return metrics.filter(isWeighed)
}

/** Whether a verdict was read from an interval. */
export function isWeighed(metric: ShownMetric): metric is Weighed {
  return isRead(metric.comparison)
}

/** The same of a comparison by itself. */
export function isRead({ estimate, verdict }: MetricComparison): boolean {
  return estimate !== undefined && weighing.includes(verdict.row)
}
