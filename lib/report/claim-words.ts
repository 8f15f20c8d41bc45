import type { CheckedClaim, PublishedPost } from '../domain/published.ts'
import { percent } from './numbers.ts'
import { inLanguage, tableName } from './table-cells.ts'
import type { Words } from './words.ts'

/** What a claim says: its sentence, or which cell it is. */
export function claimName({ of, kind }: CheckedClaim, { claims, tables }: PublishedPost, words: Words): string {
  const sentence = claims.find(({ id }) => id === of)
  if (kind === 'sentence' && sentence !== undefined) return inLanguage(words, sentence.says)
  const [name, row = '', column] = of.split('/')
  const table = tables.find((each) => each.name === name)
  const title = table?.columns.find((each) => each.name === column)?.title
  return words('claims.cell', {
    table: table === undefined ? '' : tableName(words, table),
    row,
    column: title === undefined ? '' : inLanguage(words, title),
  })
}

/** What a claim says, before what came of it: a sentence ends by itself, what a cell is called does not. */
export function claimLead(claim: CheckedClaim, post: PublishedPost, words: Words): string {
  const name = claimName(claim, post, words)
  return claim.kind === 'sentence' ? name : `${name}:`
}

/** What came of a claim: printed, recomputed, by how much they differ, and what is known of why. */
export function outcomeText(claim: CheckedClaim, { slips }: PublishedPost, words: Words): string {
  const { of, outcome } = claim
  if (outcome.status === 'untestable') return inLanguage(words, outcome.why)
  if (outcome.status === 'reproduced') return words('claims.reproduced')
  const slip = slips.find((each) => each.of === of)
  const known = slip === undefined ? [] : [inLanguage(words, slip.cause)]
  const why = known.length === 0 && outcome.withinRounding ? [words('claims.rounding')] : known
  return [figuresText(claim, words), ...why].map(asSentence).join(' ')
}

/** Both figures of a claim that differs, and by how much what is printed is off. */
function figuresText(claim: CheckedClaim, words: Words): string {
  const { printed, outcome } = claim
  const recomputed = recomputedOf(claim)
  if (printed === undefined || recomputed === undefined) return words('claims.does-not-hold')
  const figures = words(
    claim.kind === 'input' || isOfCatalogue(claim) ? 'claims.printed-catalogue' : 'claims.printed-recomputed',
    {
      printed,
      recomputed,
    },
  )
  const by = outcome.status === 'differs' ? outcome.by : undefined
  if (by === undefined) return figures
  return `${figures} (${words(by < 0 ? 'claims.off-less' : 'claims.off-more', { by: percent(Math.abs(by)) })})`
}

/** What a claim that differs comes to now; `undefined` of a comparison. */
export const recomputedOf = ({ outcome }: CheckedClaim): string | undefined =>
  outcome.status === 'differs' ? outcome.recomputed : undefined

/** Whether it was looked up rather than computed. */
const isOfCatalogue = ({ formula = '' }: CheckedClaim) => /^hardware\([^)]*\)$/.test(formula)

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

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
