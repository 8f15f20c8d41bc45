import type { ArmDifference, MetricComparison } from '../domain/verdict.ts'
import type { ComparedNames } from './arm-names.ts'
import { fieldText } from './verdict-fields.ts'
import { lossTexts } from './verdict-losses.ts'
import { changeTexts, marginText } from './verdict-numbers.ts'
import { restlessArms } from './restless.ts'
import type { Words } from './words.ts'

/** What is to be known beside a verdict, a sentence each: nothing where all is as it should be. */
export function verdictNotes(comparison: MetricComparison, names: ComparedNames, words: Words): string[] {
  const { losses, blocks, verdict, repeats } = comparison
  const planned = repeats?.blocks ?? blocks.length + new Set(losses.map(({ block }) => block)).size
  const lost =
    losses.length > 0 && verdict.row !== 'invalid' ? lossTexts({ losses, blocks: planned, names, words }) : []
  return [
    ...differenceNotes(comparison, names, words),
    ...lost,
    ...qualityNotes(comparison, names, words),
    ...fragileNotes(comparison, words),
    ...disputedNotes(comparison, words),
  ]
}

const longestValue = 60
const mostDifferences = 8

/** `engine build: b1 with fp16, b2 with awq` */
function differenceNotes({ verdict }: MetricComparison, names: ComparedNames, words: Words): string[] {
  if (verdict.row !== 'not-comparable') return []
  const { differences } = verdict
  const rest = differences.length - mostDifferences
  return [
    ...differences.slice(0, mostDifferences).map((each) => differenceText(each, names, words)),
    ...(rest > 0 ? [words('verdict.more-differences', { n: rest })] : []),
  ]
}

const cut = (text: string) => (text.length > longestValue ? `${text.slice(0, longestValue)}…` : text)

function differenceText({ field, base, against }: ArmDifference, names: ComparedNames, words: Words): string {
  return words('verdict.difference', {
    field: fieldText(field, words),
    base: names.base,
    a: cut(base),
    against: names.against,
    b: cut(against),
  })
}

function qualityNotes(comparison: MetricComparison, names: ComparedNames, words: Words): string[] {
  const { estimate, worse, verdict, repeats } = comparison
  if (estimate === undefined || repeats === undefined) return []
  const margin = marginText(comparison, estimate.scale, words)
  const restless = restlessArms(comparison, names, words)
  return [
    ...(worse === 'no' && verdict.row !== 'equivalent' ? [words('verdict.note.not-worse', { margin })] : []),
    ...(worse === 'open' ? [words('verdict.note.worse-open', { margin })] : []),
    ...restless.map((arm) => words('verdict.note.not-deterministic', { n: repeats.launches, ...arm })),
    ...(repeats.launches < 2 ? [words('verdict.note.one-launch')] : []),
  ]
}

function fragileNotes({ fragile, blocks }: MetricComparison, words: Words): string[] {
  if (fragile === undefined) return []
  const flagged = blocks.filter(({ outlier }) => outlier).map(({ block }) => block + 1)
  // Of arms apart no block is shown.
  if (flagged.length === 0) return [words('verdict.fragile')]
  return [words('verdict.note.fragile', { n: flagged.length, blocks: flagged.join(', ') })]
}

/** What the bootstrap says, where it says otherwise than the interval that decides. */
function disputedNotes(comparison: MetricComparison, words: Words): string[] {
  const { disputed, estimate } = comparison
  if (disputed === undefined || estimate?.check === undefined) return []
  const { rangeWithUnit } = changeTexts({ ...comparison, estimate }, estimate.check, words)
  return [words('verdict.note.disputed', { range: rangeWithUnit })]
}
