import { ByteCarry } from './byte-carry.ts'
import { evidence, MalformedResponse } from './malformed-response.ts'

/** An event's data, when its last byte came, and in which socket read. */
export type OnSseEvent = (data: string, at: number, read: number) => void

/** Takes bytes that are one whole event and its empty line, where it knows them; `false`: it has not looked at them. */
export type OnSseBytes = (bytes: Buffer, start: number, end: number, at: number, read: number) => boolean

/** Bytes of one line, and of one event's data. */
export const sseLimit = 16 * 1024 * 1024
const tooLong = () => new MalformedResponse(`an event longer than ${sseLimit / 1024 / 1024} MiB`)
const [cr, lf] = [13, 10]

/**
 * Server-sent events by the book (WHATWG HTML, 9.2.6), as their bytes come, split anywhere. Bytes are looked at up to the
 * last line end and made text at once; what follows waits. `event`, `id` and `retry` mean nothing to a measurement.
 */
export class SseDecoder {
  readonly #onEvent: OnSseEvent
  readonly #onBytes: OnSseBytes | undefined
  readonly #carry = new ByteCarry(sseLimit, tooLong)
  #data: string | undefined
  #isFirst = true
  #skipsFeed = false
  /** Whether anything that belongs to server-sent events came. */
  #known = false

  /** @param onBytes asked between two events, where a piece of the body begins with an event */
  constructor(onEvent: OnSseEvent, onBytes?: OnSseBytes) {
    this.#onEvent = onEvent
    this.#onBytes = onBytes
  }

  get known(): boolean {
    return this.#known
  }

  /** Takes a piece of the body. Throws a `MalformedResponse`. */
  push(bytes: Buffer, start: number, end: number, at: number, read: number): void {
    if (this.#isBetween && this.#onBytes?.(bytes, start, end, at, read) === true) return
    let from = start
    const last = lastLineEnd(bytes, start, end)
    if (last > start) {
      if (this.#carry.length > 0) {
        from = firstLineEnd(bytes, start, last)
        this.#carry.append(bytes, start, from)
        const text = this.#carry.bytes.toString('utf8')
        this.#carry.clear()
        this.#lines(text, at, read)
      }
      if (from < last) this.#lines(bytes.toString('utf8', from, last), at, read)
      from = last
    }
    if (from < end) this.#carry.append(bytes, from, end)
  }

  /** Whether an event has ended and nothing has come since; a byte order mark may come before the first. */
  get #isBetween(): boolean {
    return !this.#isFirst && this.#data === undefined && this.#carry.length === 0 && !this.#skipsFeed
  }

  /**
   * The body's end. By the book an event that no empty line ended is dropped. Some servers leave the last empty line out, so
   * that data which is whole by itself is handed on; `true` where that was so.
   */
  finish(at: number, read: number): boolean {
    if (this.#carry.length > 0) this.#lines(`${this.#carry.bytes.toString('utf8')}\n`, at, read)
    this.#carry.clear()
    if (this.#data === undefined || !isWhole(this.#data)) return false
    this.#dispatch(at, read)
    return true
  }

  /** Takes whole lines. */
  #lines(raw: string, at: number, read: number): void {
    const text = this.#unified(raw)
    let from = 0
    while (from < text.length) {
      const feed = text.indexOf('\n', from)
      if (feed === from) this.#dispatch(at, read)
      else this.#field(text, from, feed)
      from = feed + 1
    }
  }

  /** Line ends as LF; a CR at the end may have its LF in the next piece. */
  #unified(raw: string): string {
    let text = raw
    if (this.#isFirst && text.startsWith('\uFEFF')) text = text.slice(1)
    if (this.#skipsFeed && text.startsWith('\n')) text = text.slice(1)
    this.#isFirst = false
    this.#skipsFeed = raw.endsWith('\r')
    return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  }

  #field(text: string, from: number, end: number): void {
    if (text.startsWith('data:', from)) {
      this.#add(text.slice(text.charCodeAt(from + 5) === 32 && from + 5 < end ? from + 6 : from + 5, end))
      return
    }
    const line = text.slice(from, end)
    const colon = line.indexOf(':')
    const name = colon < 0 ? line : line.slice(0, colon)
    if (name === 'data') this.#add('')
    else if (name === '' || name === 'event' || name === 'id' || name === 'retry') this.#known = true
    else if (isGarbage(name))
      throw new MalformedResponse(`no line of a server-sent event: ${evidence(Buffer.from(line))}`)
  }

  #add(value: string): void {
    this.#known = true
    if (this.#data === undefined) this.#data = value
    else if (this.#data.length + value.length < sseLimit) this.#data = `${this.#data}\n${value}`
    else throw tooLong()
  }

  #dispatch(at: number, read: number): void {
    const data = this.#data
    if (data === undefined) return
    this.#data = undefined
    this.#onEvent(data, at, read)
  }
}

/** After the last CR or LF, or `start`. */
function lastLineEnd(bytes: Buffer, start: number, end: number): number {
  for (let i = end; i > start; i -= 1) if (bytes[i - 1] === lf || bytes[i - 1] === cr) return i
  return start
}

/** After the first line end: a CR and its LF in one. */
function firstLineEnd(bytes: Buffer, start: number, end: number): number {
  for (let i = start; i < end; i += 1) {
    if (bytes[i] === lf) return i + 1
    if (bytes[i] === cr) return i + 1 < end && bytes[i + 1] === lf ? i + 2 : i + 1
  }
  return end
}

/** The book ignores unknown fields; no field's name has control characters or broken UTF-8. */
const isGarbage = (name: string) => /(?!\t)[\p{Cc}\uFFFD]/u.test(name)

function isWhole(data: string): boolean {
  if (data.trim() === '[DONE]') return true
  try {
    return typeof JSON.parse(data) === 'object'
  } catch {
    return false
  }
}
