/** Bytes that wait for what completes them, up to a limit: memory grows with what came, not with what was announced. */
export class ByteCarry {
  #bytes = Buffer.alloc(0)
  #length = 0
  readonly #limit: number
  readonly #tooLong: () => Error

  /** @param tooLong what is thrown where more than `limit` bytes would be held */
  constructor(limit: number, tooLong: () => Error) {
    this.#limit = limit
    this.#tooLong = tooLong
  }

  get length(): number {
    return this.#length
  }

  /** The bytes held, valid until the next call. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  append(from: Buffer, start: number, end: number): void {
    const length = this.#length + end - start
    if (length > this.#limit) throw this.#tooLong()
    if (length > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(256, Math.min(this.#limit, 2 * length)))
      this.#bytes.copy(grown, 0, 0, this.#length)
      this.#bytes = grown
    }
    from.copy(this.#bytes, this.#length, start, end)
    this.#length = length
  }

  clear(): void {
    this.#length = 0
  }
}
