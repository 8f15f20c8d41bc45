export type Align = 'left' | 'right'
export type Column = { head: string; align?: Align }

/** A table of plain text, columns two spaces apart; control characters in cells are shown, not obeyed. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const safe = [columns.map(({ head }) => head), ...rows].map((row) => row.map(visible))
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

/** Text from files and models as a terminal may show it: escape sequences and line ends are spelled out. */
export function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.charCodeAt(0)
    return code === 10 ? '\\n' : `\\u${code.toString(16).padStart(4, '0')}`
  })
}
