import { shownUnit } from './numbers.ts'
import type { Metric } from '../domain/metric.ts'
import type { Words } from './words.ts'

type Speaking = { words: Words }

/** The short name of a metric in the language of the report, for heads, axes and tips. */
export const labelOf = ({ words }: Speaking, metric: Metric): string => words(`metric.${metric}.label`)

/** Its definition in one line. */
export const definitionOf = ({ words }: Speaking, metric: Metric): string => words(`metric.${metric}.definition`)

/** The same with its unit, as a table's head and an axis have it: `decode, tokens/s`. */
export function namedWithUnit(speaking: Speaking, metric: Metric): string {
  return [labelOf(speaking, metric), shownUnit(metric)].filter((part) => part !== '').join(', ')
}
