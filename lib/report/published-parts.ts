import type { CheckedClaim, ClaimOutcome, PublishedPost, PublishedTable } from '../domain/published.ts'
import type { StoredPost } from '../store/read-post.ts'
import { claimsWithin, lineRanges, linesText, outcomeText } from './claim-words.ts'
import { inLanguage } from './table-cells.ts'
import type { BoundTable, PostBindings, PostPart } from './post-bindings.ts'
import type { Words } from './words.ts'

type Of = { stored: StoredPost; words: Words }

const sentence = (text: string): PostPart => ({ kind: 'sentence', text })
const cell = (text: string, numeric = false) => ({ text, numeric })

/** What stands in a post on published figures by its name: `{{answer}}`, `{{slips}}`, `{{notes}}`, `{{claims}}`, `{{source}}`, `{{rebuild}}`. */
export function publishedParts(of: Of, commands: readonly { says: string; command: string }[]): PostBindings['parts'] {
  const { stored, words } = of
  return {
    answer: [sentence(countsText(stored.claims, words))],
    slips: slipsOf(of),
    notes: notesOf(of),
    claims: [columnsTable(of), sentencesTable(of)]
      .filter(({ rows }) => rows.length > 0)
      .map((table) => ({ kind: 'table', table })),
    source: sourceOf(of),
    rebuild: commands.flatMap(({ says, command }) => [sentence(says), { kind: 'code' as const, text: command }]),
  }
}

/** How much of it was computed again, and what came of that. */
export function countsText(claims: readonly CheckedClaim[], words: Words): string {
  const of = (status: ClaimOutcome['status']) => claims.filter(({ outcome }) => outcome.status === status).length
  const rounded = claimsWithin(claims, true).length
  const counts = {
    all: claims.length,
    reproduced: of('reproduced'),
    differs: of('differs'),
    untestable: of('untestable'),
  }
  return words('claims.counts', {
    ...counts,
    rounded: rounded === 0 ? '' : words('claims.counts-rounded', { n: rounded }),
  })
}

/** What differs: first what no rounding explains. */
function slipsOf({ stored: { post, claims }, words }: Of): readonly PostPart[] {
  const differing = claims.filter(({ outcome }) => outcome.status === 'differs')
  if (differing.length === 0) return [sentence(words('claims.nothing-differs'))]
  const item = (claim: CheckedClaim) => {
    const { lines } = post.slips.find(({ of }) => of === claim.of) ?? claim
    const said = saysOf(claim, post, words)
    const outcome = outcomeText(claim, post, words)
    return [said, said.endsWith(':') ? outcome : capital(outcome), linesText(words, lines)]
      .filter((part) => part !== '')
      .join(' ')
  }
  const [amiss, rounded] = [claimsWithin(differing, false), claimsWithin(differing, true)]
  return [
    ...(amiss.length === 0 ? [] : [{ kind: 'list' as const, items: amiss.map(item) }]),
    ...(rounded.length === 0
      ? []
      : [sentence(words('claims.by-rounding')), { kind: 'list' as const, items: rounded.map(item) }]),
  ]
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** What a claim says: its sentence, or which cell it is. */
function saysOf({ of, kind }: CheckedClaim, { claims, tables }: PublishedPost, words: Words): string {
  const sentenceOf = claims.find(({ id }) => id === of)
  if (kind === 'sentence' && sentenceOf !== undefined) return inLanguage(words, sentenceOf.says)
  const [name, row = '', column] = of.split('/')
  const table = tables.find((each) => each.name === name)
  const title = table?.columns.find((each) => each.name === column)?.title
  return words('claims.cell', {
    table: table === undefined ? '' : tableTitle(table, words),
    row,
    column: title === undefined ? '' : inLanguage(words, title),
  })
}

const tableTitle = ({ number, title }: PublishedTable, words: Words) => number ?? inLanguage(words, title)

function notesOf({ stored: { post }, words }: Of): readonly PostPart[] {
  if (post.notes.length === 0) return []
  const items = post.notes.map(({ says, lines }) =>
    [inLanguage(words, says), linesText(words, lines)].filter((part) => part !== '').join(' '),
  )
  return [{ kind: 'list', items }]
}

/** Every derived column: its formula, and how many of its cells come to what is printed. */
function columnsTable({ stored: { post, claims }, words }: Of): BoundTable {
  const derived = post.tables.flatMap((table) =>
    table.columns.filter(({ formula }) => formula !== undefined).map((column) => ({ table, column })),
  )
  const rows = derived.map(({ table, column }) => {
    const own = claims.filter(({ of, kind }) => kind === 'cell' && isOf(of, table.name, column.name))
    const reproduced = own.filter(({ outcome }) => outcome.status === 'reproduced').length
    return [
      cell(tableTitle(table, words)),
      cell(inLanguage(words, column.title)),
      cell(column.formula ?? ''),
      cell(String(own.length), true),
      cell(String(reproduced), true),
    ]
  })
  const heads = ['table', 'column', 'formula'].map((key) => cell(words(`claims.head-${key}`)))
  const counts = ['cells', 'reproduced'].map((key) => cell(words(`claims.head-${key}`), true))
  return { title: words('claims.derived'), head: [...heads, ...counts], rows, notes: [] }
}

const isOf = (of: string, table: string, column: string) => of.startsWith(`${table}/`) && of.endsWith(`/${column}`)

function sentencesTable({ stored: { post, claims }, words }: Of): BoundTable {
  const rows = claims
    .filter(({ kind }) => kind === 'sentence')
    .map((claim) => [
      cell(saysOf(claim, post, words)),
      cell(words(`claims.outcome-${claim.outcome.status}`)),
      cell(
        claim.outcome.status === 'reproduced'
          ? shortened(claim.formula ?? '')
          : capital(outcomeText(claim, post, words)),
      ),
      cell(lineRanges(claim.lines), true),
    ])
  const heads = ['says', 'outcome', 'how'].map((key) => cell(words(`claims.head-${key}`)))
  return { title: words('claims.sentences'), head: [...heads, cell(words('claims.head-lines'), true)], rows, notes: [] }
}

// A comparison of every row is a wall of text: whole it stands in the store (v_claim) and in the post's file.
const mostShown = 110
const shortened = (formula: string) => (formula.length > mostShown ? `${formula.slice(0, mostShown - 1)}…` : formula)

function sourceOf({ stored: { post }, words }: Of): readonly PostPart[] {
  const { title, by, date, url, measured } = post.source
  const items = [
    [title, ...(by === undefined ? [] : [by]), ...(date === undefined ? [] : [date])].join(', '),
    ...(url === undefined ? [] : [url]),
    ...(measured === undefined ? [] : [words('claims.measured-by', { measured })]),
    words('claims.nothing-measured'),
  ]
  return [{ kind: 'list', items }]
}
