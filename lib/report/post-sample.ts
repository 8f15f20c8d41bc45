import type { Metric } from '../domain/metric.ts'
import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { labelOf } from './metric-words.ts'
import { shownUnit, shownValue } from './numbers.ts'
import { endText, intervalEnds, valueTitle } from './value-title.ts'

/** What is behind a number of a post: a metric of a cell, its interval, and the launches that it is the mean of. */
export type PostSample = {
  /** The same for the same metric of the same cell. */
  key: string
  cell: string
  metric: string
  /** With its unit. */
  value: string
  /** 95 %; empty with one launch. */
  interval: string
  launches: number
  /** The value of each launch, with its trial. */
  trials: readonly string[]
  /** All in a sentence. */
  says: string
}

/** What is behind `metric` of `cell`; `undefined` where there is no value. */
export function sampleOf(evidence: Evidence, cell: ShownCell, metric: Metric): PostSample | undefined {
  const found = evidence.valueOf(cell, metric)
  if (found === undefined) return undefined
  const { words } = evidence
  const { text, half } = shownValue(metric, found.value, found.interval)
  const ends = intervalEnds(metric, found)
  return {
    key: `${cell.index} ${metric}`,
    cell: cell.name,
    metric: labelOf(evidence, metric),
    value: [text, half, shownUnit(metric)].filter((part) => part !== '').join('\u00a0'),
    interval: ends === undefined ? '' : words('range', ends),
    launches: found.n,
    trials: found.points.map(({ trial, value, valid }) =>
      words(valid ? 'post.trial' : 'post.trial-invalid', { value: endText(metric, value), trial: trial.id }),
    ),
    says: valueTitle(evidence, cell, metric, found),
  }
}
