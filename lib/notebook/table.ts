import { plain } from '../domain/plain.ts'
import { shownText } from '../report/shown-text.ts'
import { escapeHtml } from './escape-html.ts'
import { display, type MimeBundle } from './kernel.ts'
import { textColumns } from './text-columns.ts'
import { NotebookError } from './told.ts'

export type TableOptions = {
  /** Which columns, in this order: all by default, but those without any value, and the ids that the axes say as well. */
  columns?: readonly string[]
  /** Rows to show at most: 20 by default. The rest is counted. */
  rows?: number
}

const defaultRows = 20
const longestText = 200
/** Long, and the same for all rows of a plan or told by the axes beside them. */
const unsaid = new Set(['plan_id', 'experiment', 'cell_id', 'arm', 'stratum'])

/**
 * Shows rows as a table. Text in it is shown as text, whatever it says; columns without any value are left out, and ids where the
 * axes say it.
 *
 * @example
 * table(plan.cells(), { columns: ['model', 'workload', 'decode_tps'], rows: 50 })
 * @throws {NotebookError} for a column that no row has.
 */
export function table(rows: readonly object[], options: TableOptions = {}): void {
  display(tableBundle(rows, options))
}

/** The same table as HTML and as plain text. */
export function tableBundle(rows: readonly object[], { columns, rows: most = defaultRows }: TableOptions): MimeBundle {
  const flat = rows.slice(0, most).map(flattened)
  const shown = columns ?? columnsOf(rows)
  if (columns !== undefined && rows.length > 0) checkColumns(columns, rows)
  const cells = flat.map((row) => shown.map((column) => row[column]))
  const more = rows.length > most ? `${rows.length - most} more` : ''
  const heads = shown.map((column) => shownText(column, longestText))
  const text = textColumns([heads, ...cells.map((row) => row.map(cellText))])
  return {
    'text/html': htmlTable(heads, cells) + (more === '' ? '' : `<p>${more}</p>`),
    'text/plain': more === '' ? text : `${text}\n${more}`,
  }
}

type FlatRow = Readonly<Record<string, unknown>>

/** `{ axes: { model: 'a' } }` becomes `{ model: 'a' }`, where no other column has that name. */
function flattened(row: object): FlatRow {
  const entries = Object.entries(row)
  const taken = new Set(entries.map(([name]) => name))
  return Object.fromEntries(
    entries.flatMap(([name, value]) =>
      isPlainObject(value)
        ? Object.entries(value).map(([inner, each]) => [taken.has(inner) ? `${name}.${inner}` : inner, each] as const)
        : [[name, value] as const],
    ),
  )
}

const isPlainObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

function columnsOf(rows: readonly object[]): string[] {
  const names = new Set<string>()
  for (const row of rows)
    for (const [name, value] of Object.entries(flattened(row)))
      if (value !== null && value !== undefined && !('axes' in row && unsaid.has(name))) names.add(name)
  return [...names]
}

function checkColumns(columns: readonly string[], rows: readonly object[]): void {
  const there = new Set(rows.flatMap((row) => Object.keys(flattened(row))))
  const missing = columns.filter((column) => !there.has(column))
  if (missing.length > 0)
    throw new NotebookError(
      `no row has the column ${missing.map(plain).join(', ')}; there are ${[...there].map(plain).join(', ')}`,
    )
}

function htmlTable(heads: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const head = heads.map((text) => `<th>${escapeHtml(text)}</th>`).join('')
  const body = rows.map((row) => `<tr>${row.map(htmlCell).join('')}</tr>`).join('\n')
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>`
}

function htmlCell(value: unknown): string {
  const align = typeof value === 'number' ? ' style="text-align: right"' : ''
  return `<td${align}>${escapeHtml(cellText(value))}</td>`
}

/** Five significant digits are enough to look at; the row has them all. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5)))
  if (value instanceof Uint8Array) return `${value.length} bytes`
  return shownText(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''), longestText)
}
