import { plain } from '../domain/plain.ts'

/** Rows as text in columns, the first row their heads. */
export function textColumns(rows: readonly (readonly string[])[]): string {
  const safe = rows.map((row) => row.map(plain))
  const widths = (safe[0] ?? []).map((_, at) => Math.max(...safe.map((row) => row[at]?.length ?? 0)))
  return safe
    .map((row) =>
      row
        .map((text, at) => text.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
