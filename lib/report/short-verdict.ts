import type { MetricComparison, VerdictRow } from '../domain/verdict.ts'
import { verdictTurn } from './verdict-verbs.ts'
import type { Words } from './words.ts'

/** A verdict in as few words as a chart has room for: `better, beyond the margin`. */
export function shortVerdict(words: Words, { metric, estimate }: MetricComparison, row: VerdictRow): string {
  if (row !== 'beyond-margin' && row !== 'different') return words(`ab.short.${row}`)
  const rises = estimate !== undefined && estimate.change > (estimate.scale === 'ratio' ? 1 : 0)
  return words(`ab.short.${row}-${verdictTurn(metric, rises)}`)
}
