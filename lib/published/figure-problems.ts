import { didYouMean } from '../domain/nearest.ts'
import type { PublishedTable, Said } from '../domain/published.ts'
import type { Problem } from '../parse/problem.ts'
import type { SourceDocument } from '../parse/yaml-document.ts'
import type { PostFile } from './post-schema.ts'

/** What a figure names and its post does not have: tables, columns, rows. */
export function figureProblems(
  { figures }: Pick<PostFile, 'figures'>,
  tables: readonly PublishedTable[],
  document: SourceDocument,
): Problem[] {
  return Object.entries(figures).flatMap(([id, figure]) => {
    if (!('table' in figure)) return []
    const at = (field: string) => document.place(['figures', id, field], 'value')
    const table = tables.find(({ name }) => name === figure.table)
    if (table === undefined) {
      const known = tables.map(({ name }) => name)
      const message = `there is no table ${figure.table}${didYouMean(figure.table, known) || `: there is ${known.join(', ')}`}`
      return [{ place: at('table'), message }]
    }
    const lacking = ({ field, names, known }: Named) =>
      names
        .filter((name) => !known.includes(name))
        .map((name) => ({
          place: at(field),
          message: `the table ${table.name} has no ${didYouMean(name, known) === '' ? `${name}: it has ${known.join(', ')}` : `${name}${didYouMean(name, known)}`}`,
        }))
    return namesIn(figure, table).flatMap(lacking)
  })
}

type Named = { field: string; names: readonly string[]; known: readonly string[] }

const columnFields = [
  'columns',
  'labels',
  'x',
  'y',
  'series',
  'also',
  'price',
  'performance',
  'throughput',
  'cost',
  'time',
  'bits',
  'bytes',
  'perplexity',
]
const rowFields = ['rows', 'marked', 'base']

function namesIn(figure: object, { columns, rows }: PublishedTable): Named[] {
  const key = columns.find(({ role }) => role === 'key')?.name ?? ''
  const known = { columns: columns.map(({ name }) => name), rows: rows.map(({ cells }) => cells[key] ?? '') }
  const fields = Object.entries(figure as Record<string, string | readonly string[] | Said>)
  return fields.flatMap(([field, value]): Named[] => {
    const names = typeof value === 'string' ? [value] : Object.values(value)
    if (columnFields.includes(field)) return [{ field, names, known: known.columns }]
    return rowFields.includes(field) ? [{ field, names, known: known.rows }] : []
  })
}
