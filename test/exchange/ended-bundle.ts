import { createHash } from 'node:crypto'

/** A bundle of these lines, with an end that fits to what is before it. */
export function ended(lines: readonly string[]): string {
  const all = lines.map((line) => `${line}\n`).join('')
  const rows: Record<string, number> = {}
  for (const line of lines.slice(1)) {
    const [, name = ''] = /^\{"in":"([a-z]+)"/.exec(line) ?? []
    rows[name] = (rows[name] ?? 0) + 1
  }
  return `${all}${JSON.stringify({ end: { rows, sha256: createHash('sha256').update(all).digest('hex') } })}\n`
}
