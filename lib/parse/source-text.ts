import type { Checked, Place, Problem } from './problem.ts'
import { withoutSecrets } from './without-secrets.ts'

/** Text from outside, and where in it an offset lies. `file` is the name that its problems carry. */
export type SourceText = { file: string; text: string; placeAt: (offset: number) => Place }

const snippetWidth = 100

/** Wraps text so that problems can point into it. */
export function sourceText(file: string, text: string): SourceText {
  let starts: number[] | undefined
  const placeAt = (offset: number): Place => {
    starts ??= lineStarts(text)
    const index = lastAtMost(starts, offset)
    const start = starts[index] ?? 0
    const column = offset - start
    return { file, line: index + 1, column: column + 1, ...snippetOf(text, start, column) }
  }
  return { file, text, placeAt }
}

/** Decodes a file's bytes as UTF-8, without a byte-order mark; anything else, NUL included, is refused. */
export function decodeText(file: string, bytes: Uint8Array): Checked<SourceText> {
  const decoded = decode(bytes)
  if (decoded === undefined)
    return failed({ place: brokenAt(file, bytes), message: 'is not UTF-8 text: save it as UTF-8' })
  if (utf16.test(decoded)) return failed({ place: { file }, message: 'is not UTF-8 text: save it as UTF-8' })
  const source = sourceText(file, decoded)
  const nul = decoded.indexOf('\0')
  if (nul >= 0) return failed({ place: source.placeAt(nul), message: 'there is a NUL character: take it out' })
  return { status: 'ok', value: source }
}

/** Every second byte of plain text is NUL in it. */
const utf16 = /^(?:[^\0]\0){4}|^(?:\0[^\0]){4}/

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Where the first byte is that is not UTF-8: all before it is read as it is. */
function brokenAt(file: string, bytes: Uint8Array): Place {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  let read = 0
  let from = 0
  for (let at = text.indexOf(replacement); at >= 0; at = text.indexOf(replacement, at + 1)) {
    read += Buffer.byteLength(text.slice(from, at))
    from = at
    // The character itself may stand in a file.
    if (!replacementBytes.equals(bytes.subarray(read, read + 3))) return sourceText(file, text).placeAt(at)
  }
  return { file }
}

const replacement = '\ufffd'
const replacementBytes = Buffer.from(replacement)

const failed = (problem: Problem): Checked<never> => ({ status: 'failed', problems: [problem] })

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** The last index whose value is at most `limit`, in ascending values. */
function lastAtMost(values: readonly number[], limit: number): number {
  let low = 0
  let high = values.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((values[middle] ?? 0) <= limit) low = middle
    else high = middle - 1
  }
  return low
}

/** The line that starts at `start`, or of a long one the part around `column`. */
function snippetOf(text: string, start: number, column: number): { snippet?: string } {
  const found = text.indexOf('\n', start)
  const end = found < 0 ? text.length : found
  const from = Math.max(start, start + column - snippetWidth / 2)
  // Before it is cut: of a secret that is cut in two neither half would be known.
  const line = withoutSecrets(text.slice(start, Math.min(end, from + 2 * snippetWidth)))
  const part = line.slice(from - start, from - start + snippetWidth).trim()
  if (part === '') return {}
  return { snippet: `${from > start ? '…' : ''}${part}${from + snippetWidth < end ? '…' : ''}` }
}
