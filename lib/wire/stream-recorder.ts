import { promisify } from 'node:util'
import { deflateRaw } from 'node:zlib'
import type { Ns, RecordedStream } from '../domain/timeline.ts'

const deflate = promisify(deflateRaw)
/** Of one response, and of all that are being kept at a time. */
const responseLimit = 64 * 1024 * 1024
const poolLimit = 512 * 1024 * 1024

/** What all recorders of a pool hold together. */
export class RecorderBudget {
  bytes = 0
}

/** Keeps a response's bytes with their times, whole or not at all. */
export class StreamRecorder {
  readonly #budget: RecorderBudget
  readonly #pieces: Buffer[] = []
  readonly #lengths: number[] = []
  readonly #stamps: Ns[] = []
  #bytes = 0
  #tooLarge = false

  constructor(budget: RecorderBudget) {
    this.#budget = budget
  }

  /** One socket read; no bytes stand for the connection's orderly end. */
  add(bytes: Buffer, start: number, end: number, at: Ns): void {
    if (this.#tooLarge) return
    const length = end - start
    if (this.#bytes + length > responseLimit || this.#budget.bytes + length > poolLimit) {
      this.#tooLarge = true
      this.#release()
      return
    }
    this.#pieces.push(Buffer.from(bytes.subarray(start, end)))
    this.#lengths.push(length)
    this.#stamps.push(at)
    this.#bytes += length
    this.#budget.bytes += length
  }

  /** The recording; `undefined` where it grew too large. Compresses in a thread of its own: no other stream waits for it. */
  async finish(sentAt: Ns): Promise<RecordedStream | undefined> {
    if (this.#tooLarge) return undefined
    const bytes = await deflate(Buffer.concat(this.#pieces))
    this.#release()
    let before = 0
    const deltasUs = this.#stamps.map((at) => {
      const us = Math.round((at - sentAt) / 1000)
      const delta = us - before
      before = us
      return delta
    })
    return { deltasUs, lengths: this.#lengths, bytes: bytes.toString('base64') }
  }

  #release(): void {
    this.#budget.bytes -= this.#bytes
    this.#bytes = 0
    this.#pieces.length = 0
  }
}
