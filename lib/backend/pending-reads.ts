import type { Ns } from '../domain/timeline.ts'

const usual = 4 * 1024
const usualReads = 16

/** Socket reads that wait to be parsed: their bytes in a row, their stamps beside. */
export class PendingReads {
  #bytes = Buffer.allocUnsafeSlow(usual)
  #length = 0
  // Not arrays: one that is emptied gives up its memory, which then is garbage, and takes some anew.
  #stamps = new Float64Array(usualReads)
  #ends = new Float64Array(usualReads)
  #reads = 0

  get length(): number {
    return this.#length
  }

  get isEmpty(): boolean {
    return this.#reads === 0
  }

  /** Called on the hot path: copies and stores two numbers. */
  add(from: Uint8Array, length: number, at: Ns): void {
    const end = this.#length + length
    if (end > this.#bytes.length) this.#grow(end)
    if (length <= 512) for (let i = 0; i < length; i += 1) this.#bytes[this.#length + i] = from[i] as number
    else this.#bytes.set(from.subarray(0, length), this.#length)
    this.#length = end
    if (this.#reads === this.#stamps.length) this.#growReads()
    this.#stamps[this.#reads] = at
    this.#ends[this.#reads] = end
    this.#reads += 1
  }

  /** Hands on each read and forgets all, even where `take` throws; the bytes are valid during the call. */
  drain(take: (bytes: Buffer, start: number, end: number, at: Ns) => void): void {
    try {
      let start = 0
      // Not an iterator over entries: this runs for every read.
      for (let index = 0; index < this.#reads; index += 1) {
        const end = this.#ends[index] as number
        take(this.#bytes, start, end, this.#stamps[index] as number)
        start = end
      }
    } finally {
      this.#length = 0
      this.#reads = 0
    }
  }

  #grow(needed: number): void {
    const grown = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(needed)))
    this.#bytes.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
  }

  #growReads(): void {
    const [stamps, ends] = [this.#stamps, this.#ends]
    this.#stamps = new Float64Array(2 * this.#reads)
    this.#ends = new Float64Array(2 * this.#reads)
    this.#stamps.set(stamps)
    this.#ends.set(ends)
  }
}
