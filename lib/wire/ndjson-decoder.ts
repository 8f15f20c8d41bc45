import { ByteCarry } from './byte-carry.ts'
import { MalformedResponse } from './malformed-response.ts'
import type { OnSseEvent } from './sse-decoder.ts'

/** Bytes of one line. */
export const lineLimit = 16 * 1024 * 1024
const tooLong = () => new MalformedResponse(`a line longer than ${lineLimit / 1024 / 1024} MiB`)
const lf = 10

/**
 * JSON values of which each has a line, as their bytes come, split anywhere. A line's text is handed on as it is: what is no JSON is
 * for its reader to say. Empty lines keep a connection busy and say nothing.
 */
export class NdjsonDecoder {
  readonly #onLine: OnSseEvent
  readonly #carry = new ByteCarry(lineLimit, tooLong)
  #known = false

  constructor(onLine: OnSseEvent) {
    this.#onLine = onLine
  }

  /** Whether a line came that has anything in it. */
  get known(): boolean {
    return this.#known
  }

  /** Takes a piece of the body. Throws a `MalformedResponse`. */
  push(bytes: Buffer, start: number, end: number, at: number, read: number): void {
    let from = start
    for (let i = bytes.indexOf(lf, from); i >= 0 && i < end; i = bytes.indexOf(lf, from)) {
      if (i - from > lineLimit) throw tooLong()
      if (this.#carry.length === 0) this.#line(bytes.toString('utf8', from, i), at, read)
      else {
        this.#carry.append(bytes, from, i)
        const text = this.#carry.bytes.toString('utf8')
        this.#carry.clear()
        this.#line(text, at, read)
      }
      from = i + 1
    }
    if (from < end) this.#carry.append(bytes, from, end)
  }

  /** The body's end. A last line that no line feed ended is handed on where it is whole JSON; `true` where that was so. */
  finish(at: number, read: number): boolean {
    const text = this.#carry.bytes.toString('utf8')
    this.#carry.clear()
    if (!isWhole(text)) return false
    this.#line(text, at, read)
    return true
  }

  #line(text: string, at: number, read: number): void {
    if (text.trim() === '') return
    this.#known = true
    this.#onLine(text, at, read)
  }
}

function isWhole(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}
