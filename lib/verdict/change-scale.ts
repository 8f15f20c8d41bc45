import { scaleOf } from '../domain/compared-metric.ts'
import type { Metric } from '../domain/metric.ts'
import type { Scale } from '../domain/verdict.ts'

/**
 * How two values are compared. Everything is added up and averaged on a `line`, where no change is 0: the logarithm of a ratio, or a
 * difference as it is.
 */
export type ChangeScale = {
  name: Scale
  /** Where a value of an arm lies; `undefined` where it has no place: a ratio needs values above 0. */
  place: (value: number) => number | undefined
  /** The value at a place. */
  value: (place: number) => number
  /** How far from no change a margin or a noise floor lies: ln(1 + m) of a ratio. */
  reach: (margin: number) => number
}

const ratio: ChangeScale = {
  name: 'ratio',
  place: (value) => (value > 0 && Number.isFinite(value) ? Math.log(value) : undefined),
  value: Math.exp,
  reach: Math.log1p,
}
const difference: ChangeScale = {
  name: 'difference',
  place: (value) => (Number.isFinite(value) ? value : undefined),
  value: (place) => place,
  reach: (margin) => margin,
}

/** Of a metric: one that can be 0, whose means are therefore arithmetic, has no ratio. */
export const scaleOfMetric = (metric: Metric): ChangeScale => scales[scaleOf(metric)]

export const scales: Readonly<Record<Scale, ChangeScale>> = { ratio, difference }
