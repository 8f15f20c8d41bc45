import { nearest } from '../domain/nearest.ts'
import type {
  Language,
  PublishedColumn,
  PublishedFigure,
  PublishedRow,
  PublishedTable,
  Said,
} from '../domain/published.ts'
import { UserError } from '../domain/user-error.ts'
import { keyOf } from '../verdict/formula-scope.ts'
import { type PrintedNumber, printedNumber } from '../verdict/printed-number.ts'
import type { Words } from './words.ts'

/** A table as a figure asks for it. */
export type TableAsked = {
  table: PublishedTable
  /** Of the file and the anchor; without it, it is made of the kind and the table. */
  id?: string
  /** Each instead of what is said without it. */
  title?: string
  subtitle?: string
  /** Keys of the rows that are shown; all without it. */
  rows?: readonly string[]
  /** What a row is called in the figure, by its key. */
  labels?: Readonly<Record<string, string>>
  /** Of how many each value is the mean, where the post tells. */
  n?: number
}

/** What a post may declare of a figure of a kind, beside its table and its caption. */
export type Declared<Kind extends PublishedFigure['kind']> = Omit<
  Extract<PublishedFigure, { kind: Kind }>,
  'table' | 'rows' | 'labels' | 'title' | 'subtitle' | 'alt'
>

/** A number of a table: `text` as it was printed. */
export type TableNumber = PrintedNumber & { key: string; label: string; text: string; row: PublishedRow }

/** The column `name`. Throws a `UserError` where the table has none. */
export function columnOf(table: PublishedTable, name: string): PublishedColumn {
  const found = table.columns.find((column) => column.name === name)
  if (found !== undefined) return found
  const names = table.columns.map((column) => column.name)
  const near = nearest(name, names)
  const meant = near === undefined ? `it has ${names.join(', ')}` : `did you mean ${near}?`
  throw new UserError(`the table ${table.name} has no column ${name}: ${meant}`)
}

/** The head above the names of rows. */
export function keyTitle(words: Words, { columns }: PublishedTable): string {
  const key = columns.find(({ role }) => role === 'key')
  return key === undefined ? '' : inLanguage(words, key.title)
}

/** The rows that are asked for, in the table's order. Throws a `UserError` for a key that no row has. */
export function rowsOf({ table, rows }: TableAsked): readonly PublishedRow[] {
  if (rows === undefined) return table.rows
  const keys = table.rows.map((row) => keyOf(table, row))
  for (const key of rows) checkKey(table, key, keys)
  return table.rows.filter((row) => rows.includes(keyOf(table, row)))
}

/** Throws a `UserError` where the table has no row `key`. */
export function checkKey(table: PublishedTable, key: string, keys = table.rows.map((row) => keyOf(table, row))): void {
  if (keys.includes(key)) return
  const near = nearest(key, keys)
  const meant = near === undefined ? `it has ${keys.join(', ')}` : `did you mean ${near}?`
  throw new UserError(`the table ${table.name} has no row ${key}: ${meant}`)
}

/** What a row is called in a figure. */
export function labelOf(asked: TableAsked, key: string): string {
  return asked.labels !== undefined && Object.hasOwn(asked.labels, key) ? (asked.labels[key] ?? key) : key
}

/** The numbers of a column, and the rows that have none there, as they are called. */
export function numbersOf(asked: TableAsked, name: string): { numbers: TableNumber[]; without: string[] } {
  const column = columnOf(asked.table, name)
  const numbers: TableNumber[] = []
  const without: string[] = []
  for (const row of rowsOf(asked)) {
    const key = keyOf(asked.table, row)
    const label = labelOf(asked, key)
    const text = (row.cells[column.name] ?? '').trim()
    const number = printedNumber(text)
    if (number === undefined) without.push(label)
    else numbers.push({ ...number, key, label, text, row })
  }
  return { numbers, without }
}

/** In the language of `words`. */
export function inLanguage(words: Words, said: Said): string {
  return (said as Partial<Record<Language, string>>)[words('language') as Language] ?? said.en // a lab may have more languages
}

/** What a column is, with its unit: for an axis or the head of a table. */
export function columnTitle(words: Words, { title, unit }: PublishedColumn): string {
  return unit === undefined ? inLanguage(words, title) : `${inLanguage(words, title)}, ${unit}`
}

/** The same as a part of a sentence: `Price (USD)`. */
export function columnName(words: Words, { title, unit }: PublishedColumn): string {
  return unit === undefined ? inLanguage(words, title) : `${inLanguage(words, title)} (${unit})`
}

/** What one of a column is, after "per": `dollar`, `token/s`. */
export function oneOf(words: Words, { title, unit }: PublishedColumn): string {
  return unit === 'USD' ? words('published.dollar') : (unit ?? inLanguage(words, title))
}

/** A number with its unit, as running text has it: `$1599`, `28.923 it/s`. */
export function withUnit(text: string, unit: string | undefined): string {
  if (unit === undefined) return text
  return unit === 'USD' ? `$${text.replace(/^\$/, '')}` : `${text} ${unit}`
}

/** What a table is called: as the post numbers it, else by its title. */
export function tableName(words: Words, table: PublishedTable): string {
  return tableNumber(words, table) ?? inLanguage(words, table.title)
}

/** `Table 3` in the language of `words`; as it is where it is none of that kind. */
export function tableNumber(words: Words, { number }: PublishedTable): string | undefined {
  const [, n] = /^Table (\d+)$/.exec(number ?? '') ?? []
  return n === undefined ? number : words('published.table-number', { number: n })
}

/** Where the figures come from: `Table 3, as published`. */
export function sourceNote(words: Words, { table, n }: TableAsked): string {
  const where = tableNumber(words, table) ?? ''
  const note = where === '' ? words('published.as-published') : words('published.as-published-in', { where })
  return n === undefined ? note : `${note}; n = ${n}`
}

/** Where computed figures come from: `computed from Table 3`. */
export function computedNote(words: Words, { table }: TableAsked): string {
  const number = tableNumber(words, table) ?? ''
  return number === '' ? words('published.computed') : words('published.computed-in', { where: number })
}

/** What was left out, as a part of a caption's fold: none where nothing was. */
export function withoutNotes(words: Words, without: readonly string[]): string[] {
  return without.length === 0 ? [] : [words('published.without', { rows: [...new Set(without)].join(', ') })]
}
