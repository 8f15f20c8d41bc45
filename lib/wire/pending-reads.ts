import type { Ns } from '../domain/timeline.ts'
import { NumberList } from './number-list.ts'

const usual = 4 * 1024
const usualReads = 16

/** Socket reads that wait to be parsed: their bytes in a row, their stamps beside. */
export class PendingReads {
  #bytes = Buffer.allocUnsafeSlow(usual)
  #length = 0
  readonly #stamps = new NumberList(usualReads)
  readonly #ends = new NumberList(usualReads)

  get length(): number {
    return this.#length
  }

  get isEmpty(): boolean {
    return this.#stamps.length === 0
  }

  /** Called on the hot path: copies and stores two numbers. */
  add(from: Uint8Array, length: number, at: Ns): void {
    const end = this.#length + length
    if (end > this.#bytes.length) this.#grow(end)
    if (length <= 512) for (let i = 0; i < length; i += 1) this.#bytes[this.#length + i] = from[i] as number
    else this.#bytes.set(from.subarray(0, length), this.#length)
    this.#length = end
    this.#stamps.push(at)
    this.#ends.push(end)
  }

  /** Hands on each read and forgets all, even where `take` throws; the bytes are valid during the call. */
  drain(take: (bytes: Buffer, start: number, end: number, at: Ns) => void): void {
    try {
      let start = 0
      // Not an iterator over entries: this runs for every read.
      for (let index = 0; index < this.#stamps.length; index += 1) {
        const end = this.#ends.at(index)
        take(this.#bytes, start, end, this.#stamps.at(index))
        start = end
      }
    } finally {
      this.#length = 0
      this.#stamps.clear()
      this.#ends.clear()
    }
  }

  #grow(needed: number): void {
    const grown = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(needed)))
    this.#bytes.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
  }
}
