import type { Checked, Problem } from './problem.ts'
import type { SourceText } from './source-text.ts'

/** One value of a JSON Lines text, with the offset of its line. */
export type JsonLine = { offset: number; value: unknown }

/** Parses JSON Lines: one JSON value per line, blank lines left out. */
export function parseJsonLines(source: SourceText): Checked<readonly JsonLine[]> {
  const lines: JsonLine[] = []
  const problems: Problem[] = []
  for (const { offset, line } of linesOf(source.text)) {
    if (line.trim() === '') continue
    try {
      lines.push({ offset, value: JSON.parse(line) as unknown })
    } catch {
      problems.push({ place: source.placeAt(offset), message: 'is not one JSON value in one line' })
    }
  }
  return problems.length > 0 ? { status: 'failed', problems } : { status: 'ok', value: lines }
}

/** The lines of a text without their ends, each with its offset. */
export function* linesOf(text: string): Generator<{ offset: number; line: string }> {
  let offset = 0
  for (const line of text.split('\n')) {
    yield { offset, line: line.endsWith('\r') ? line.slice(0, -1) : line }
    offset += line.length + 1
  }
}
