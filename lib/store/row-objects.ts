import type { QueryResult, QueryValue } from './run-query.ts'

/** The rows of a query as objects. Columns of one name are told apart: `a, a_2, b` for `a, a, b`. */
export function rowObjects({ columns, rows }: QueryResult): Record<string, QueryValue>[] {
  const names = distinct(columns)
  return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] ?? null])))
}

function distinct(columns: readonly string[]): string[] {
  const names: string[] = []
  for (const column of columns) {
    let name = column
    for (let n = 2; names.includes(name); n += 1) name = `${column}_${n}`
    names.push(name)
  }
  return names
}
