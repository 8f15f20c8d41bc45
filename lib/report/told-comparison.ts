import type { Plan } from '../domain/plan.ts'
import type { ArmComparison, MetricComparison, PlanVerdicts, VerdictRow } from '../domain/verdict.ts'
import { armNames, askedName, pairTitle, type ComparedNames } from './arm-names.ts'
import { jointSentence } from './joint-words.ts'
import { missing } from './numbers.ts'
import { verdictNotes } from './verdict-notes.ts'
import { changeTexts, levelText, marginText } from './verdict-numbers.ts'
import { turnOf, verdictSentence } from './verdict-words.ts'
import { scaleOf } from '../domain/compared-metric.ts'
import type { Words } from './words.ts'

/** Two arms in words: what is shown of them wherever there is no page. */
export type ToldArms = {
  comparison: ArmComparison
  names: ComparedNames
  /** `awq against fp16`, with the settings that both have where others have others. */
  title: string
  /** The sentence that a decision can rest on. */
  says: string
  metrics: readonly ToldMetric[]
}

/** One metric of two cells in words. */
export type ToldMetric = {
  comparison: MetricComparison
  /** What the cells are asked, where several are asked different things; else empty. */
  cell: string
  label: string
  /** `+34.0 %`, and its interval; `–` where there is nothing to be read from it. */
  change: string
  interval: string
  margin: string
  /** What it rests on: `10 blocks`. */
  basis: string
  /** In as few words as a table has room for. */
  short: string
  /** In the fixed words of the decision table. */
  says: string
  /** What is to be known beside it: losses, outliers, how many more blocks. */
  notes: readonly string[]
}

/** What is said of a plan's comparisons, in words. */
export function toldComparisons(plan: Plan, { comparisons }: PlanVerdicts, words: Words): ToldArms[] {
  return comparisons.map((comparison) => {
    const { place, ...names } = armNames(plan, comparison, words)
    const several = comparison.cells.length > 1
    return {
      comparison,
      names,
      title: pairTitle({ ...names, place }, words),
      says: jointSentence(comparison, names, words),
      metrics: comparison.cells.flatMap(({ base, metrics }) =>
        metrics.map((each) => toldMetric(each, { cell: several ? askedName(plan, base, words) : '', names, words })),
      ),
    }
  })
}

type Around = { cell: string; names: ComparedNames; words: Words }

/** One comparison in words. */
export function toldMetric(comparison: MetricComparison, { cell, names, words }: Around): ToldMetric {
  const { metric, estimate, verdict } = comparison
  const shown = estimate !== undefined && weighed.has(verdict.row) ? { ...comparison, estimate } : undefined
  const texts = shown && changeTexts(shown, shown.estimate.interval, words)
  return {
    comparison,
    cell,
    label: words(`metric.${metric}.label`),
    change: texts?.signed ?? missing,
    interval: texts?.range ?? missing,
    margin: marginText(comparison, scaleOf(metric), words),
    basis: shown === undefined ? missing : words(`verdict.basis.${shown.estimate.of}`, { n: shown.estimate.n }),
    short: shortText(comparison, words),
    says: verdictSentence(comparison, names, words),
    notes: verdictNotes(comparison, names, words),
  }
}

/** The rows that are read from an interval: of any other a number would say what nothing may be read from. */
const weighed: ReadonlySet<VerdictRow> = new Set([
  'beyond-margin',
  'unresolved',
  'within-margin-but-different',
  'equivalent',
  'different',
  'inconclusive',
])

function shortText({ metric, estimate, verdict, worse }: MetricComparison, words: Words): string {
  const { row } = verdict
  if ((row === 'beyond-margin' || row === 'different') && estimate !== undefined)
    return words(`verdict.short.${row}`, { turn: words(`verdict.turn.${turnOf(metric, estimate)}`) })
  return words(`verdict.short.${worse === 'no' && weighed.has(row) && row !== 'equivalent' ? 'not-worse' : row}`)
}

/** The head of the column of intervals: with their level, where all have one. */
export function intervalHead(metrics: readonly ToldMetric[], words: Words): string {
  const levels = new Set(
    metrics.flatMap(({ interval, comparison: { estimate } }) =>
      interval === missing || estimate === undefined ? [] : levelText(estimate.interval.confidence),
    ),
  )
  const [level, ...more] = levels
  return level === undefined || more.length > 0
    ? words('verdict.head.intervals')
    : words('verdict.head.interval', { level })
}
