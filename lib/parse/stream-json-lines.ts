import { createReadStream } from 'node:fs'
import { byteLines } from './byte-lines.ts'
import type { Place, Problem } from './problem.ts'
import { openingProblem, type SourceFile } from './read-source.ts'
import { decodeText } from './source-text.ts'

/** One value of a JSON Lines file, and where it stands. */
export type StreamedValue = { place: Place; value: unknown }

/** Problems after which nobody reads on. */
const mostProblems = 50

type Options = Omit<SourceFile, 'maxBytes'> & {
  maxLineBytes: number
  /** Takes a value, and says whether it wants more. */
  take: (value: StreamedValue) => 'more' | 'enough'
}

/**
 * Reads a JSON Lines file value by value, blank lines left out, no further than is wanted: a file may be far larger than the
 * memory. Returns what is wrong up to there.
 */
export async function streamJsonLines({ file, path, maxLineBytes, take }: Options): Promise<readonly Problem[]> {
  const unreadable = await openingProblem({ file, path })
  if (unreadable !== undefined) return [unreadable]
  const problems: Problem[] = []
  let line = 0
  for await (const bytes of byteLines(createReadStream(path, { highWaterMark: 256 * 1024 }), maxLineBytes)) {
    line += 1
    const read = valueOf({ file, line, bytes, maxLineBytes })
    if (read === undefined) continue
    if ('message' in read) problems.push(read)
    else if (take(read) === 'enough') break
    if (bytes.length > maxLineBytes || problems.length >= mostProblems) break
  }
  return problems
}

type Line = { file: string; line: number; bytes: Buffer; maxLineBytes: number }

function valueOf({ file, line, bytes, maxLineBytes: most }: Line): StreamedValue | Problem | undefined {
  if (bytes.length > most)
    return { place: { file, line, column: 1 }, message: `is longer than ${most} bytes: split it` }
  const decoded = decodeText(file, bytes)
  if (decoded.status === 'failed') {
    const [problem] = decoded.problems as [Problem]
    return { ...problem, place: { ...problem.place, line } }
  }
  const { text, placeAt } = decoded.value
  if (text.trim() === '') return undefined
  const place = { ...placeAt(0), line }
  try {
    return { place, value: JSON.parse(text) as unknown }
  } catch {
    return { place, message: 'is not one JSON value in one line' }
  }
}
