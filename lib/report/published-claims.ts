import type { CheckedClaim, ClaimOutcome, PublishedColumn, PublishedPost, PublishedTable } from '../domain/published.ts'
import type { StoredPost } from '../store/read-post.ts'
import { claimLead, claimName, claimsWithin, lineRanges, linesText, outcomeText, recomputedOf } from './claim-words.ts'
import { missing } from './numbers.ts'
import type { BoundTable, PostPart } from './post-bindings.ts'
import { inLanguage, tableName } from './table-cells.ts'
import type { Words } from './words.ts'

type Of = { stored: StoredPost; words: Words }

const cell = (text: string, numeric = false) => ({ text, numeric })

/** Every claim of a post: first what differs, then what cannot be tested; what holds is closed, with the formulas of whole columns. */
export function publishedClaims({ stored, words }: Of): PostPart[] {
  const { post, claims } = stored
  const of = (status: ClaimOutcome['status']) => claims.filter(({ outcome }) => outcome.status === status)
  const [differs, untestable, reproduced] = [of('differs'), of('untestable'), of('reproduced')]
  const n = { n: reproduced.length }
  return [
    ...(differs.length === 0 ? [] : [{ kind: 'table' as const, table: differingTable(differs, post, words) }]),
    ...(untestable.length === 0 ? [] : [untestableList(untestable, post, words)]),
    ...(reproduced.length === 0
      ? []
      : [{ kind: 'fold' as const, title: words('claims.all-reproduced', n), parts: reproducedParts(stored, words) }]),
  ]
}

/** What is printed and what it comes to, side by side, first what no rounding explains; why, say the post's slips. */
function differingTable(claims: readonly CheckedClaim[], post: PublishedPost, words: Words): BoundTable {
  const heads = ['says', 'printed', 'recomputed', 'lines'].map((key) => cell(words(`claims.head-${key}`)))
  const ordered = [...claimsWithin(claims, false), ...claimsWithin(claims, true)]
  const rows = ordered.map((claim) => [
    cell(claimName(claim, post, words)),
    cell(claim.printed ?? missing),
    cell(recomputedOf(claim) ?? words('claims.does-not-hold')),
    cell(lineRanges(claim.lines)),
  ])
  return { title: words('claims.all-differing', { n: claims.length }), head: heads, rows, notes: [] }
}

function untestableList(claims: readonly CheckedClaim[], post: PublishedPost, words: Words): PostPart {
  const items = claims.map((claim) =>
    [claimLead(claim, post, words), outcomeText(claim, post, words), linesText(words, claim.lines)]
      .filter((part) => part !== '')
      .join(' '),
  )
  return { kind: 'list', title: words('claims.all-untestable', { n: claims.length }), items }
}

function reproducedParts({ post, claims }: StoredPost, words: Words): PostPart[] {
  const columns = (['cell', 'input'] as const).map((kind) => columnsTable(post, { claims, kind }, words))
  const said = claims.filter(({ kind, outcome }) => kind === 'sentence' && outcome.status === 'reproduced')
  const items = said.map((claim) =>
    [claimName(claim, post, words), formulaText(claim, words), linesText(words, claim.lines)]
      .filter((part) => part !== '')
      .join(' '),
  )
  return [
    ...columns.filter(({ rows }) => rows.length > 0).map((table) => ({ kind: 'table' as const, table })),
    ...(items.length === 0 ? [] : [{ kind: 'list' as const, title: words('claims.sentences'), items }]),
  ]
}

// A comparison of every row is a wall of text: it stands in the store (v_claim) and in the post's file.
const longestShown = 300

function formulaText({ formula = '' }: CheckedClaim, words: Words): string {
  return formula.length > longestShown ? '' : words('claims.by-formula', { formula })
}

type OfColumns = { claims: readonly CheckedClaim[]; kind: 'cell' | 'input' }

/** Every column that is derived, or held to something: its formula, and how many of its cells come to what is printed. */
function columnsTable(post: PublishedPost, { claims, kind }: OfColumns, words: Words): BoundTable {
  const formulaOf = ({ formula, check }: PublishedColumn) => (kind === 'cell' ? formula : check)
  const columns = post.tables
    .filter(({ own }) => own !== true)
    .flatMap((table) =>
      table.columns.filter((column) => formulaOf(column) !== undefined).map((column) => ({ table, column })),
    )
  const rows = columns.map(({ table, column }) => {
    const own = claims.filter((claim) => claim.kind === kind && isOf(claim, table, column.name))
    return [
      cell(tableName(words, table)),
      cell(inLanguage(words, column.title)),
      cell(formulaOf(column) ?? ''),
      cell(String(own.length), true),
      cell(String(own.filter(({ outcome }) => outcome.status === 'reproduced').length), true),
    ]
  })
  const heads = ['table', 'column', 'formula'].map((key) => cell(words(`claims.head-${key}`)))
  const counts = ['cells', 'reproduced'].map((key) => cell(words(`claims.head-${key}`), true))
  const title = words(kind === 'cell' ? 'claims.derived' : 'claims.inputs')
  return { title, head: [...heads, ...counts], rows, notes: [] }
}

const isOf = ({ of }: CheckedClaim, { name }: PublishedTable, column: string) =>
  of.startsWith(`${name}/`) && of.endsWith(`/${column}`)
