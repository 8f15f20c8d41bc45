import { plain } from '../domain/plain.ts'

export type Align = 'left' | 'right'
export type Column = { head: string; align?: Align }

/** A table of plain text, columns two spaces apart; control characters in cells are shown, not obeyed. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const safe = [columns.map(({ head }) => head), ...rows].map((row) => row.map(fitting))
  const widths = columns.map((_, at) => Math.max(...safe.map((row) => row[at]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) =>
        columns[at]?.align === 'right' ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd()
  return safe.map((row) => `${line(row)}\n`).join('')
}

const longestCell = 500

/** One line, not longer than anybody reads. */
function fitting(text: string): string {
  const left = text.length - longestCell
  return left > 0 ? `${plain(text.slice(0, longestCell))}… (${text.length} characters: --json has all)` : plain(text)
}
