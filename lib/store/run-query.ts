import { didYouMean } from '../domain/nearest.ts'
import { UserError } from '../domain/user-error.ts'
import type { Store } from './store.ts'

/** An integer beyond 2^53 is a `bigint`, so that it keeps all its digits. */
export type QueryValue = string | number | bigint | null | Uint8Array
export type QueryResult = { columns: readonly string[]; rows: readonly (readonly QueryValue[])[] }

/**
 * Answers one query of a user, on a store that was opened to read. Throws a `UserError` for what SQLite does not understand,
 * for several statements, and for anything but reading, `ATTACH` included.
 */
export function runQuery(store: Store, sql: string): QueryResult {
  if (store.mode !== 'read') throw new Error('a query of a user needs a store that is open to read')
  return store.read(() => {
    const statement = prepare(store, sql)
    if (!statement.reader || !statement.readonly)
      throw new UserError(`a query only reads (SELECT, WITH, VALUES, EXPLAIN); got: ${sql.trim()}`)
    try {
      const rows = statement.raw().safeIntegers().all() as unknown as QueryValue[][]
      return { columns: statement.columns().map((column) => column.name), rows: rows.map((row) => row.map(exact)) }
    } catch (error) {
      throw queryError(error, store, sql)
    }
  })
}

const exact = (value: QueryValue) =>
  typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value

function prepare(store: Store, sql: string) {
  try {
    return store.sql(sql)
  } catch (error) {
    // What better-sqlite3 throws for no statement and for several.
    if (error instanceof RangeError)
      throw new UserError(`a query is one SQL statement; got: ${JSON.stringify(sql.trim())}`, 2, { cause: error })
    throw queryError(error, store, sql)
  }
}

/** SQLite's own words about the query; a failure of the store itself is left to the store. */
function queryError(error: unknown, store: Store, sql: string): unknown {
  // What better-sqlite3 throws for a parameter without a value.
  if (error instanceof RangeError || error instanceof TypeError)
    return new UserError(`a query has no parameters (?, :name): write the values out; got: ${sql.trim()}`, 2, {
      cause: error,
    })
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'SQLITE_ERROR') return error
  return new UserError(
    `the query does not run: ${error.message}${nearName(store, error.message)}\n  ${sql.trim()}\nTables and views are described in data/store.md.`,
    2,
    { cause: error },
  )
}

/** The table, view or column that was most likely meant, or where a column is that was looked for elsewhere. */
function nearName(store: Store, message: string): string {
  const [, kind, name = ''] = /^no such (table|column): (?:\w+\.)?(\w+)$/.exec(message) ?? []
  if (kind === undefined) return ''
  const known = store
    .sql<{ name: string; of: string }>(
      `SELECT DISTINCT c.name, s.name AS of FROM sqlite_schema s, pragma_table_info(s.name) c
       WHERE s.type IN ('table', 'view')`,
    )
    .all()
  const holders = kind === 'column' ? known.filter((column) => column.name === name).map((column) => column.of) : []
  if (holders.length > 0) return `, it is one of ${holders.join(', ')}`
  return didYouMean(name, [...new Set(known.map((column) => (kind === 'table' ? column.of : column.name)))])
}
