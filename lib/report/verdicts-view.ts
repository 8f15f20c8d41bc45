import { pairTitle } from './arm-names.ts'
import { blockLossText } from './block-losses.ts'
import { blockOrderFigures } from './block-order-figure.ts'
import type { Evidence } from './evidence.ts'
import type { Figure } from './figure.ts'
import type { Chip } from './head.ts'
import { intervalsFigures } from './intervals-figure.ts'
import { jointSentence } from './joint-words.ts'
import { pairDifferences, type PairDifference } from './pair-differences.ts'
import { pairedFigures } from './paired-figure.ts'
import { metricsOf, shownTwins, type ShownPair } from './shown-pair.ts'
import { verdictChips } from './verdict-answer.ts'
import { verdictMethod } from './verdict-method.ts'
import { unblockedSentences, verdictRows, type VerdictRow } from './verdict-table.ts'

/** What is said of two arms, with all that it was read from. */
export type PairView = {
  id: string
  /** `q4_0 against f16`, with the settings that both have. */
  title: string
  names: { base: string; against: string }
  sentence: string
  chips: readonly Chip[]
  rows: readonly VerdictRow[]
  /** How many metrics there is no room for. */
  more: string
  unblocked: readonly { name: string; text: string; same: boolean }[]
  losses: readonly string[]
  differences: readonly PairDifference[]
  moreDifferences: string
  /** Its intervals; those of the first pair stand beside the answer. */
  intervals: readonly Figure[]
  /** Block by block. */
  blocks: readonly Figure[]
  /** What stands on the fold that has all but verdicts and intervals; empty of the first pair, of which everything is seen. */
  fold: string
}

/** The comparisons of a plan: the first pairs with all that there is, of the others a line each. */
export type VerdictsView = {
  /** Of the pair that answers the question. */
  chips: readonly Chip[]
  /** A line each; empty of one pair alone. */
  overview: readonly { href: string; title: string; sentence: string }[]
  /** How many pairs have no line. */
  unlisted: string
  pairs: readonly PairView[]
  /** How arms were compared. */
  method: readonly string[]
  twins: readonly { title: string; rows: readonly VerdictRow[] }[]
}

// What is beyond has its line, its verdicts in the data, and all of it on the command line.
const most = { drawn: 3, detailed: 8, listed: 40, losses: 20 } as const

/** The part of a report that holds arms against each other. */
export function verdictsView(evidence: Evidence, pairs: readonly ShownPair[]): VerdictsView {
  const { words, data } = evidence
  const listed = pairs.slice(0, most.listed)
  return {
    chips: pairs[0] === undefined ? [] : verdictChips(evidence, pairs[0]),
    overview:
      pairs.length < 2
        ? []
        : listed.map((pair) => ({
            href: pair.index < most.detailed ? `#${idOf(pair)}` : '',
            title: titleOf(evidence, pair),
            sentence: jointSentence(pair.comparison, pair.allNames, words),
          })),
    unlisted:
      pairs.length > listed.length ? words('ab.unlisted', { n: pairs.length - listed.length, plan: data.plan.id }) : '',
    pairs: pairs.slice(0, most.detailed).map((pair) => pairView(evidence, pair)),
    method: verdictMethod(evidence, pairs),
    twins: shownTwins(evidence)
      .slice(0, most.detailed)
      .map((pair) => ({ title: titleOf(evidence, pair), rows: verdictRows(evidence, pair).rows })),
  }
}

const idOf = ({ index }: ShownPair) => `pair-${index + 1}`

const titleOf = ({ words }: Evidence, { names, place }: ShownPair) => pairTitle({ ...names, place }, words)

function pairView(evidence: Evidence, pair: ShownPair): PairView {
  const { words } = evidence
  const { rows, left } = verdictRows(evidence, pair)
  const differences = pairDifferences(evidence, pair)
  return {
    id: idOf(pair),
    title: titleOf(evidence, pair),
    names: pair.names,
    sentence: jointSentence(pair.comparison, pair.allNames, words),
    chips: verdictChips(evidence, pair),
    rows,
    more: left > 0 ? words('ab.more-metrics', { n: left, plan: evidence.data.plan.id }) : '',
    unblocked: unblockedSentences(evidence, pair),
    losses: lossesOf(evidence, pair),
    differences: differences.rows,
    moreDifferences: differences.left > 0 ? words('ab.more-differences', { n: differences.left }) : '',
    intervals: pair.index > 0 && pair.index < most.drawn ? intervalsFigures(evidence, pair) : [],
    blocks: pair.index < most.drawn ? [...pairedFigures(evidence, pair), ...blockOrderFigures(evidence, pair)] : [],
    fold: pair.index > 0 ? words('ab.fold', pair.names) : '',
  }
}

/** Each block that does not count for some metric, in their order. */
function lossesOf(evidence: Evidence, pair: ShownPair): string[] {
  const losses = metricsOf(pair).flatMap(({ comparison }) => comparison.losses)
  const blocks = [...Map.groupBy(losses, ({ block }) => block)].toSorted(([a], [b]) => a - b)
  const all = blocks.map(([, ofBlock]) => blockLossText(evidence, pair, ofBlock))
  const left = all.length - most.losses
  return left > 0 ? [...all.slice(0, most.losses), evidence.words('ab.more-losses', { n: left })] : all
}
