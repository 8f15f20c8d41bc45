import type { PublishedTable } from '../domain/published.ts'
import type { StoredPost } from '../store/read-post.ts'
import { formulaValue } from '../verdict/formula-value.ts'
import { keyOf } from '../verdict/formula-scope.ts'
import { inLanguage } from './table-cells.ts'
import { significant } from './numbers.ts'
import { allowOptions, AskProblem, digitsOf, flagOf, lacking, type PostAsk, refuseWords } from './post-ask.ts'
import type { BoundValue } from './post-bindings.ts'
import type { Words } from './words.ts'

type Options = PostAsk['options']
const noBreak = '\u00a0'

/**
 * `{{value table="time" row="awq" column="prompt_1_s"}}` as it was printed, `{{value claim="fastest"}}` as it comes to now, or
 * `{{value formula="…" digits="2"}}`. Throws an `AskProblem` that says what there is.
 */
export function publishedValue(
  { post, claims }: StoredPost,
  words: Words,
  { words: loose, options }: PostAsk,
): BoundValue {
  refuseWords(loose, 'claim')
  const kinds = ['table', 'claim', 'formula'].filter((kind) => options[kind] !== undefined)
  if (kinds.length !== 1)
    throw new AskProblem('a value of a post is of table, row and column, of a claim, or of a formula: name one of them')
  if (options['formula'] !== undefined) return ofFormula(post, words, options)
  return options['claim'] === undefined ? ofCell(post, options) : ofClaim(claims, options)
}

function ofCell(post: StoredPost['post'], options: Options): BoundValue {
  allowOptions(options, ['table', 'row', 'column', 'unit'])
  const table = publishedTable(post, options['table'] ?? '')
  const keys = table.rows.map((row) => keyOf(table, row))
  const row = table.rows[keys.indexOf(options['row'] ?? '')]
  if (row === undefined) throw lacking(`the table ${table.name} has no row`, options['row'], keys)
  const names = table.columns.map(({ name }) => name)
  const column = table.columns.find(({ name }) => name === options['column'])
  if (column === undefined) throw lacking(`the table ${table.name} has no column`, options['column'], names)
  const printed = row.cells[column.name] ?? ''
  if (printed === '') throw new AskProblem(`${table.name} has nothing at ${options['row'] ?? ''}, ${column.name}`)
  const unit = flagOf(options, 'unit') && column.unit !== undefined ? [column.unit] : []
  return { text: [printed, ...unit].join(noBreak) }
}

function ofClaim(claims: StoredPost['claims'], options: Options): BoundValue {
  allowOptions(options, ['claim', 'of'])
  const found = claims.find(({ of }) => of === options['claim'])
  if (found === undefined) {
    const sentences = claims.filter(({ kind }) => kind === 'sentence').map(({ of }) => of)
    throw lacking('there is no claim', options['claim'], [...sentences, 'and cells as table/row/column'])
  }
  const { outcome, printed } = found
  const recomputed = outcome.status === 'untestable' ? undefined : (outcome.recomputed ?? printed)
  const text = options['of'] === 'printed' ? printed : recomputed
  if (text === undefined) throw new AskProblem(`the claim ${found.of} has no number`)
  return { text }
}

function ofFormula(post: StoredPost['post'], words: Words, options: Options): BoundValue {
  allowOptions(options, ['formula', 'digits', 'decimals'])
  const found = formulaValue(options['formula'] ?? '', post)
  if (found.status === 'failed') {
    const why = typeof found.why === 'string' ? found.why : inLanguage(words, found.why)
    throw new AskProblem(`the formula ${why}`)
  }
  const { decimals } = options
  if (decimals === undefined) return { text: significant(found.value, digitsOf(options) ?? 3) }
  if (!/^\d$/.test(decimals)) throw new AskProblem(`decimals is to be 0 to 9, not ${decimals}`)
  return { text: found.value.toFixed(Number(decimals)) }
}

/** The table of a name. Throws an `AskProblem` that says which there are. */
export function publishedTable({ tables }: StoredPost['post'], name: string): PublishedTable {
  const found = tables.find((table) => table.name === name)
  if (found !== undefined) return found
  const names = tables.map((table) => table.name)
  throw lacking('there is no table', name, names)
}
