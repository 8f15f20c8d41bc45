import { csvLine } from '../exchange/csv.ts'
import { UserError } from '../domain/user-error.ts'
import { type QueryResult, type QueryValue, runQuery } from '../store/run-query.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { openLabStore } from '../lab/lab-store.ts'
import { textTable } from './text-table.ts'

export type QueryOptions = CommonOptions & { format: string }

/** Answers a query that reads. */
export async function query(sql: string, options: QueryOptions, io: Io): Promise<void> {
  using store = openLabStore(options, io, 'read')
  const format = options.json ? 'json' : options.format
  const print = Object.hasOwn(formats, format) ? formats[format as keyof typeof formats] : undefined
  if (print === undefined) throw new UserError(`--format is table, json or csv, got ${JSON.stringify(options.format)}`)
  print(runQuery(store, sql), io)
}

const formats = {
  table: ({ columns, rows }: QueryResult, io: Io) =>
    io.stdout(
      textTable(
        columns.map((head, at) => ({
          head,
          align: rows.every((row) => typeof row[at] === 'number') ? 'right' : 'left',
        })),
        rows.map((row) => row.map(text)),
      ),
    ),
  json: ({ columns, rows }: QueryResult, io: Io) => {
    const names = distinct(columns)
    printJson(io, { rows: rows.map((row) => Object.fromEntries(names.map((name, at) => [name, json(row[at])]))) })
  },
  csv: ({ columns, rows }: QueryResult, io: Io) => {
    io.stdout(csvLine(columns))
    for (const row of rows) io.stdout(csvLine(row.map((value) => (value === null ? undefined : text(value)))))
  },
}

/** `a, a_2, b` for `a, a, b`: an object would keep only one of two. */
function distinct(columns: readonly string[]): string[] {
  const names: string[] = []
  for (const column of columns) {
    let name = column
    for (let n = 2; names.includes(name); n += 1) name = `${column}_${n}`
    names.push(name)
  }
  return names
}

const text = (value: QueryValue) =>
  value === null ? '' : value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value)
const json = (value: QueryValue | undefined) =>
  value instanceof Uint8Array ? Buffer.from(value).toString('hex') : (value ?? null)
