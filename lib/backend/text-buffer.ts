/** UTF-16 code units that are kept of one text: an answer without an end must not fill the memory. */
export const mostKeptCharacters = 2 ** 20

/**
 * Text that grows by small pieces: kept outside of the heap as UTF-16, so that no piece lives on as an object and a character
 * that was split between two pieces is whole again.
 */
export class TextBuffer {
  #bytes = Buffer.allocUnsafe(512)
  #length = 0

  add(piece: string): void {
    const room = 2 * mostKeptCharacters - this.#length
    const bytes = Math.min(2 * piece.length, room)
    if (this.#length + bytes > this.#bytes.length) this.#grow(this.#length + bytes)
    this.#length += this.#bytes.write(piece, this.#length, bytes, 'utf16le')
  }

  copy(): TextBuffer {
    const copy = new TextBuffer()
    copy.add(this.toString())
    return copy
  }

  toString(): string {
    return this.#bytes.toString('utf16le', 0, this.#length).toWellFormed()
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}
