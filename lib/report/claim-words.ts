import type { CheckedClaim, PublishedPost } from '../domain/published.ts'
import { inLanguage } from './table-cells.ts'
import { percent } from './numbers.ts'
import type { Words } from './words.ts'

/** What came of a claim: printed, recomputed, by how much they differ, and what is known of why. */
export function outcomeText({ of, printed, outcome }: CheckedClaim, { slips }: PublishedPost, words: Words): string {
  if (outcome.status === 'untestable') return inLanguage(words, outcome.why)
  if (outcome.status === 'reproduced') return words('claims.reproduced')
  const { recomputed, by, withinRounding } = outcome
  const slip = slips.find((each) => each.of === of)
  const figures =
    printed !== undefined && recomputed !== undefined
      ? [words('claims.printed-recomputed', { printed, recomputed }) + (by === undefined ? '' : ` (${changeText(by)})`)]
      : [words('claims.does-not-hold')]
  const known = slip === undefined ? [] : [inLanguage(words, slip.cause)]
  const why = known.length === 0 && withinRounding ? [words('claims.rounding')] : known
  return [...figures, ...why].map(asSentence).join(' ')
}

/** By how much what is printed is off. */
function changeText(by: number): string {
  const sign = by < 0 ? '−' : '+'
  return `${Math.abs(by) < 0.0001 ? '' : sign}${percent(Math.abs(by))}`
}

const asSentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)

/** Lines in order, those in a row as one: `24, 46–51`. */
export function lineRanges(lines: readonly number[]): string {
  const runs: [number, number][] = []
  for (const line of lines.toSorted((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last !== undefined && line - last[1] <= 1) last[1] = line
    else runs.push([line, line])
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join(', ')
}

/** Which lines of a post are meant. */
export function linesText(words: Words, lines: readonly number[]): string {
  return lines.length === 0 ? '' : words('claims.lines', { n: lines.length, lines: lineRanges(lines) })
}

/** Those that differ for the rounding of what they follow from, or those that do not. */
export const claimsWithin = (claims: readonly CheckedClaim[], withinRounding: boolean): CheckedClaim[] =>
  claims.filter(({ outcome }) => outcome.status === 'differs' && outcome.withinRounding === withinRounding)
