import type { CheckedClaim, PublishedColumn, PublishedTable } from '../domain/published.ts'
import type { StoredPost } from '../store/read-post.ts'
import { keyOf } from '../verdict/formula-scope.ts'
import { printedNumber } from '../verdict/printed-number.ts'
import { inLanguage, tableNumber } from './table-cells.ts'
import { outcomeText } from './claim-words.ts'
import { missing } from './numbers.ts'
import { allowOptions, AskProblem, lacking, type PostAsk } from './post-ask.ts'
import type { BoundCell, BoundTable } from './post-bindings.ts'
import { publishedTable } from './published-value.ts'
import type { Words } from './words.ts'

/**
 * `{{table "time" columns="setting,prompt_1_s"}}`: a table as it was printed; what comes to something else now is marked, and said below.
 * Throws an `AskProblem` that says what there is.
 */
export function publishedTables(stored: StoredPost, words: Words, { words: loose, options }: PostAsk): BoundTable[] {
  const [name, more] = loose
  if (name === undefined || more !== undefined) throw new AskProblem('name one table, as in {{table "time"}}')
  allowOptions(options, ['columns'])
  const table = publishedTable(stored.post, name)
  return [boundPublished(table, columnsOf(table, options['columns']), { stored, words })]
}

/** All tables of a post, as they were printed. */
export const allPublished = (stored: StoredPost, words: Words): BoundTable[] =>
  stored.post.tables.map((table) => boundPublished(table, table.columns, { stored, words }))

function columnsOf({ name, columns }: PublishedTable, wanted: string | undefined): readonly PublishedColumn[] {
  if (wanted === undefined) return columns
  return wanted.split(',').map((each) => {
    const found = columns.find((column) => column.name === each.trim())
    const names = columns.map((column) => column.name)
    if (found === undefined) throw lacking(`the table ${name} has no column`, each.trim(), names)
    return found
  })
}

type Of = { stored: StoredPost; words: Words }

function boundPublished(table: PublishedTable, columns: readonly PublishedColumn[], { stored, words }: Of): BoundTable {
  const notes: string[] = []
  const numeric = columns.map(({ name }) => isNumeric(table, name))
  const rows = table.rows.map((row) =>
    columns.map(({ name }, at): BoundCell => {
      const printed = row.cells[name] ?? ''
      const differs = differing(stored.claims, `${table.name}/${keyOf(table, row)}/${name}`)
      const cell = { text: printed === '' ? missing : printed, numeric: numeric[at] ?? false }
      if (differs === undefined) return cell
      return { ...cell, note: notes.push(`${keyOf(table, row)}: ${outcomeText(differs, stored.post, words)}`) }
    }),
  )
  const head = columns.map(({ title, unit }, at) => ({
    text: [inLanguage(words, title), ...(unit === undefined ? [] : [unit])].join(', '),
    numeric: numeric[at] ?? false,
  }))
  const number = tableNumber(words, table)
  const title = [...(number === undefined ? [] : [number]), inLanguage(words, table.title)].join('. ')
  return { title, head, rows, notes, ...(table.remark !== undefined && { remark: inLanguage(words, table.remark) }) }
}

const differing = (claims: readonly CheckedClaim[], of: string) =>
  claims.find((claim) => claim.of === of && claim.outcome.status === 'differs')

/** Whether all that a column has are numbers: it is aligned as such. */
function isNumeric({ rows }: PublishedTable, column: string): boolean {
  const printed = rows.map(({ cells }) => cells[column] ?? '').filter((text) => text !== '')
  return printed.length > 0 && printed.every((text) => printedNumber(text) !== undefined)
}
