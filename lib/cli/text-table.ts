import { plain } from '../domain/plain.ts'
import { fit, widthOf } from './text-columns.ts'

export type Align = 'left' | 'right'
export type Column = { head: string; align?: Align }

/** A table of plain text, columns two spaces apart; control characters in cells are shown, not obeyed. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const safe = [columns.map(({ head }) => head), ...rows].map((row) => row.map(fitting))
  const widths = columns.map((_, at) => safe.reduce((most, row) => Math.max(most, widthOf(row[at] ?? '')), 0))
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => fit(cell, widths[at] ?? 0, columns[at]?.align))
      .join('  ')
      .trimEnd()
  return safe.map((row) => `${line(row)}\n`).join('')
}

const longestCell = 500

/** One line, not longer than anybody reads. */
function fitting(text: string): string {
  const left = text.length - longestCell
  return left > 0
    ? `${plain(text.slice(0, longestCell).replace(/[\ud800-\udbff]$/, ''))}… (${text.length} characters: --json has all)`
    : plain(text)
}
