import { csvLine } from '../domain/csv.ts'
import { exactInteger } from '../domain/json.ts'
import { plain } from '../domain/plain.ts'
import { rowObjects } from '../store/row-objects.ts'
import type { QueryResult, QueryValue } from '../store/run-query.ts'
import { type Io, printJson, visible } from './io.ts'
import { textTable } from './text-table.ts'

type Print = (result: QueryResult, io: Io) => void

/** The formats that an answer is printed in; a new one is one line here. */
export const queryFormats: Readonly<Record<string, Print>> = { table, json, jsonl, csv, markdown }

function table({ columns, rows }: QueryResult, io: Io): void {
  const heads = columns.map((head, at) => ({
    head,
    align: isNumeric(rows, at) ? ('right' as const) : ('left' as const),
  }))
  io.stdout(
    textTable(
      heads,
      rows.map((row) => row.map(text)),
    ),
  )
}

function json(result: QueryResult, io: Io): void {
  printJson(io, { rows: objects(result) })
}

function jsonl(result: QueryResult, io: Io): void {
  for (const row of objects(result)) io.stdout(`${visible(JSON.stringify(row))}\n`)
}

/** As it is where a program reads it; a terminal would obey control characters. */
function csv({ columns, rows }: QueryResult, io: Io): void {
  const shown = io.stdoutIsTerminal === true ? plain : (field: string) => field
  io.stdout(csvLine(columns.map(shown)))
  for (const row of rows) io.stdout(csvLine(row.map((value) => (value === null ? undefined : shown(text(value))))))
}

function markdown({ columns, rows }: QueryResult, io: Io): void {
  const line = (fields: readonly string[]) => io.stdout(`| ${fields.map(markdownField).join(' | ')} |\n`)
  line(columns)
  io.stdout(`| ${columns.map((_, at) => (isNumeric(rows, at) ? '--:' : '---')).join(' | ')} |\n`)
  for (const row of rows) line(row.map(text))
}

/** Text that Markdown shows as it is: what would make a column, HTML, a link or a style of it gets a backslash. */
const markdownField = (field: string) => plain(field).replace(/[\\`*_{}[\]<>|~&!#]/g, String.raw`\$&`)

const isNumeric = (rows: QueryResult['rows'], at: number) =>
  rows.every((row) => typeof row[at] === 'number' || typeof row[at] === 'bigint')

function objects(result: QueryResult): object[] {
  return rowObjects(result).map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, jsonValue(value)])),
  )
}

const text = (value: QueryValue) =>
  value === null ? '' : value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value)

function jsonValue(value: QueryValue): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return typeof value === 'bigint' ? exactInteger(value) : value
}
