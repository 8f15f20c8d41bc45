/** Some servers pad or number each chunk: they are not asked again and again whether theirs repeat. */
const mostAttempts = 3
/** A text that differs from what was learned. */
const probe = '\u0001'
const [quote, backslash, firstPrintable, lastAscii] = [34, 92, 32, 127]

/**
 * Chunks of one stream mostly differ in their text alone. What stands before and after the text is learned from one chunk;
 * the text of a chunk that has the same around it is then known without reading its JSON again. That is exact: nothing in
 * between may end the string or escape in it, and a chunk is learned only if another text in that place is read as that text.
 */
export class RepeatedChunk {
  #before = ''
  #after: string | undefined
  #bytesBefore = Buffer.alloc(0)
  #bytesAfter = Buffer.alloc(0)
  #attempts = 0

  /** The text of a chunk that is like the one learned, never empty; `undefined` where its JSON must be read. */
  textOf(data: string): string | undefined {
    const after = this.#after
    if (after === undefined) return undefined
    const start = this.#before.length
    const end = data.length - after.length
    // Equality of slices takes a tenth of what `startsWith` does.
    if (end <= start || data.slice(0, start) !== this.#before || data.slice(end) !== after) return undefined
    for (let i = start; i < end; i += 1) {
      const code = data.charCodeAt(i)
      if (code === quote || code === backslash || code < firstPrintable) return undefined
    }
    return data.slice(start, end)
  }

  /**
   * The same of the bytes of an event as most servers write it (`data: `, the chunk, two line feeds), where its text is ASCII: most of
   * them need not be made text, which for each leaves the collector a kilobyte.
   */
  textInBytes(bytes: Buffer, start: number, end: number): string | undefined {
    const [before, after] = [this.#bytesBefore, this.#bytesAfter]
    const from = start + before.length
    const to = end - after.length
    if (before.length === 0 || to <= from) return undefined
    for (let i = from; i < to; i += 1) {
      const code = bytes[i] as number
      if (code === quote || code === backslash || code < firstPrintable || code > lastAscii) return undefined
    }
    if (before.compare(bytes, start, from) !== 0 || after.compare(bytes, to, end) !== 0) return undefined
    return bytes.toString('latin1', from, to)
  }

  /** @param read how a chunk's text is read: what it gives for the same chunk with another text decides */
  learn(data: string, text: string, read: (data: string) => string | undefined): void {
    if (this.#attempts === mostAttempts) return
    this.#attempts += 1
    const literal = `"${text}"`
    const at = data.indexOf(literal)
    if (at < 0) return
    const before = data.slice(0, at + 1)
    const after = data.slice(at + literal.length - 1)
    if (read(`${before}${JSON.stringify(probe).slice(1, -1)}${after}`) !== probe) return
    this.#before = before
    this.#after = after
    this.#bytesBefore = Buffer.from(`data: ${before}`)
    this.#bytesAfter = Buffer.from(`${after}\n\n`)
  }
}
