import { type Metric, metrics } from '../domain/metric.ts'
import type { TrialRow } from '../domain/plan-data.ts'
import { isValidFor } from '../domain/spoils.ts'
import { geometricMean, mean } from '../stats/mean.ts'

/** A cell's value of a metric: the mean over its launches, and how many there are. */
export type CellValue = { value: number; n: number }

/**
 * The mean over trials that ended well and are valid for it (with `all`, whether or not they are), as the metric is averaged; `undefined`
 * where none has it.
 */
export function cellValue(trials: readonly TrialRow[], metric: Metric, which?: 'all'): CellValue | undefined {
  const values = trials
    .filter((trial) => trial.status === 'ok' && (which === 'all' || isValidFor(trial, metric)))
    .flatMap((trial) => trial.metrics[metric]?.value ?? [])
  if (values.length === 0) return undefined
  return { value: metrics[metric].mean === 'geometric' ? geometricMean(values) : mean(values), n: values.length }
}
