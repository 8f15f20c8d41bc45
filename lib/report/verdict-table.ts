import type { MetricComparison } from '../domain/verdict.ts'
import { metricName } from './block-panels.ts'
import type { Evidence } from './evidence.ts'
import { definitionOf } from './metric-words.ts'
import { missing } from './numbers.ts'
import type { ShownMetric, ShownPair } from './shown-pair.ts'
import { metricsOf } from './shown-pair.ts'
import { changeTexts, floorText, marginText } from './verdict-numbers.ts'
import { verdictSentence } from './verdict-words.ts'
import { isRead, isWeighed } from './weighed.ts'
import { scaleOf } from '../domain/compared-metric.ts'

/** A metric of a pair as a table has it. */
export type VerdictRow = {
  name: string
  /** Its definition, and where that stands. */
  title: string
  href: string
  change: string
  interval: string
  margin: string
  floor: string
  /** Of what there is, and what there should be: `10 of 10 blocks`, `24 chunks of text`. */
  basis: string
  verdict: string
  /** Nobody declared it beforehand. */
  exploratory: boolean
  /** No interval was read for it. */
  withheld: boolean
}

const mostRows = 24

/** The metrics of a pair with their verdicts, the declared ones first; and how many more there are. */
export function verdictRows(evidence: Evidence, pair: ShownPair): { rows: VerdictRow[]; left: number } {
  const all = metricsOf(pair)
  return {
    rows: all.slice(0, mostRows).map((shown) => rowOf(evidence, shown)),
    left: Math.max(0, all.length - mostRows),
  }
}

function rowOf(evidence: Evidence, shown: ShownMetric): VerdictRow {
  const { words } = evidence
  const { comparison, pair } = shown
  const { metric, floor } = comparison
  const scale = comparison.estimate?.scale ?? scaleOf(metric)
  // Of what has no verdict no number is shown that one could be read from.
  const texts = isWeighed(shown)
    ? changeTexts(shown.comparison, shown.comparison.estimate.interval, words)
    : { signed: missing, range: missing }
  return {
    name: metricName(words, shown),
    title: definitionOf({ words }, metric),
    href: `#metric-${metric}`,
    change: texts.signed,
    interval: texts.range,
    margin: marginText(comparison, scale, words),
    floor: floor === undefined ? missing : floorText(metric, floor, scale, words),
    basis: basisText(evidence, comparison),
    verdict: verdictSentence(comparison, pair.names, words),
    exploratory: !comparison.declared,
    withheld: !isWeighed(shown),
  }
}

/** What has no verdict rests on nothing; where that is for want of blocks, so many are left. */
function basisText(evidence: Evidence, comparison: MetricComparison): string {
  const { words, data } = evidence
  const { estimate, blocks, verdict, losses } = comparison
  const lost = new Set(losses.map(({ block }) => block)).size
  if (verdict.row === 'invalid') return words('ab.chip.blocks', { n: verdict.blocks - lost, blocks: verdict.blocks })
  if (verdict.row === 'too-few-blocks') return words('ab.chip.blocks', { n: verdict.blocks, blocks: data.plan.blocks })
  if (!isRead(comparison)) return missing
  if (estimate !== undefined && estimate.of !== 'blocks') return words(`ab.of.${estimate.of}`, { n: estimate.n })
  if (estimate?.pairing === 'unpaired') return words('ab.of.unpaired', { n: estimate.n })
  return words('ab.chip.blocks', { n: estimate?.n ?? blocks.length, blocks: data.plan.blocks })
}

/** What would have been said of the same launches had they not been measured in blocks: Welch's t over the arms' own values. */
export function unblockedSentences(
  evidence: Evidence,
  pair: ShownPair,
): { name: string; text: string; same: boolean }[] {
  return metricsOf(pair).flatMap((shown) => {
    const { comparison } = shown
    const { unblocked, verdict } = comparison
    if (unblocked === undefined || !isWeighed(shown)) return []
    const row = { row: unblocked.row, ...(comparison.floor !== undefined && { floor: comparison.floor }) }
    const without = { ...comparison, verdict: row, estimate: unblocked.estimate } as MetricComparison
    return [
      {
        name: metricName(evidence.words, shown),
        text: verdictSentence(without, pair.names, evidence.words),
        same: unblocked.row === verdict.row,
      },
    ]
  })
}
