import type { HardwareFacts, PublishedPost, PublishedRow, PublishedTable } from '../domain/published.ts'

/** What the names of a formula stand for. Without a row, in a sentence's formula, columns have no name of their own. */
export type FormulaScope = {
  post: PublishedPost
  hardware: ReadonlyMap<string, HardwareFacts>
  here?: { table: PublishedTable; row?: PublishedRow }
}

export const tableOf = (post: PublishedPost, name: string): PublishedTable | undefined =>
  post.tables.find((table) => table.name === name)

/** What names a row: its cell in the key column. */
export const keyOf = (table: PublishedTable, row: PublishedRow): string => {
  const key = table.columns.find(({ role }) => role === 'key')
  return key === undefined ? '' : cellOf(row, key.name)
}

export function rowOf(table: PublishedTable, key: string): PublishedRow | undefined {
  const known = rowsByKey.get(table) ?? new Map(table.rows.map((row) => [keyOf(table, row), row]))
  rowsByKey.set(table, known)
  return known.get(key)
}
// A column that looks up a row for each of its own would take the square of them.
const rowsByKey = new WeakMap<PublishedTable, ReadonlyMap<string, PublishedRow>>()

/** A cell as it was printed; an empty text where the post has nothing. */
export const cellOf = ({ cells }: PublishedRow, column: string): string =>
  Object.hasOwn(cells, column) ? (cells[column] ?? '') : ''

/** What a dotted path leads to in what is known of a piece of hardware: a number, a text, or nothing. */
export function factAt(facts: HardwareFacts, path: string): number | string | undefined {
  let found: unknown = facts
  for (const step of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined
    found = (found as Record<string, unknown>)[step]
  }
  return typeof found === 'number' || typeof found === 'string' ? found : undefined
}
