import { scaleOf } from '../domain/compared-metric.ts'
import type { SentinelDrift } from '../domain/verdict.ts'
import { changeTexts } from './verdict-numbers.ts'
import type { WordValues, Words } from './words.ts'

/** What `warning.sentinel` says of a drift; `cell` is the name of the cell that was launched again and again. */
export function sentinelValues(drift: SentinelDrift, cell: string, words: Words): WordValues {
  const { metric, margin, change, interval, n } = drift
  const texts = changeTexts({ metric, margin, estimate: { scale: scaleOf(metric), change } }, interval, words)
  return { label: words(`metric.${metric}.label`), change: texts.signed, range: texts.rangeWithUnit, n, cell }
}
