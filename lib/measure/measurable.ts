import { type Metric, metrics } from '../domain/metric.ts'

/**
 * Whether a value can stand for its metric. One that is averaged geometrically has to be above 0: a time that the clock could
 * not resolve, or a rate over it, is not measured rather than 0 or infinite.
 */
export function isMeasurable(metric: Metric, value: number | undefined): value is number {
  if (value === undefined || !Number.isFinite(value)) return false
  return value > 0 || (value === 0 && metrics[metric].mean === 'arithmetic')
}
