import { evidence } from './malformed-response.ts'

/** As many as evidence shows, and one more: so that it says where it was cut. */
const kept = 49

/** What came of a response that was not waited for any longer. */
export class FirstBytes {
  #bytes = 0
  #first = ''

  /** Called for each read: mostly adds a number. */
  add(bytes: Buffer, start: number, end: number): void {
    this.#bytes += end - start
    const room = kept - this.#first.length
    if (room > 0) this.#first += bytes.toString('latin1', start, Math.min(end, start + room))
  }

  /** In words: how many bytes, and the first of them. */
  toString(): string {
    if (this.#bytes === 0) return 'no byte of a response had come'
    const count = this.#bytes === 1 ? '1 byte' : `${this.#bytes} bytes`
    return `${count} of a response had come: ${evidence(Buffer.from(this.#first, 'latin1'))}`
  }
}
