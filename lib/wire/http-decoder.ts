import { ByteCarry } from './byte-carry.ts'
import { type HttpHead, parseHead } from './http-head.ts'
import { evidence, MalformedResponse } from './malformed-response.ts'

export type HttpParts = {
  onHead: (head: HttpHead) => void
  /** A piece of the body: `bytes` from `start` to `end`, valid during the call. */
  onBody: (bytes: Buffer, start: number, end: number) => void
}

const headLimit = 64 * 1024
/** A chunk's size with its extensions, or a trailer. */
const lineLimit = 4096
const mostTrailers = 256
const start = 'HTTP/1.'
const [cr, lf] = [13, 10]

type State = 'head' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer' | 'length' | 'until-close' | 'complete'

/** One HTTP/1.1 response taken apart as its bytes come, split anywhere (RFC 9112); strict, and holds no body. */
export class HttpDecoder {
  readonly #parts: HttpParts
  readonly #carry = new ByteCarry(headLimit, () => new Error('a head beyond its limit'))
  readonly #line = new ByteCarry(lineLimit, () => new MalformedResponse(`a chunk line longer than ${lineLimit} bytes`))
  #state: State
  /** Bytes that are missing of the body or of its chunk. */
  #left = 0
  #trailers = 0
  #headBytes = 0
  #head: HttpHead | undefined

  /** `begins`: with a response's head, or where that has been read already, with the first chunk of a body. */
  constructor(parts: HttpParts, begins: 'head' | 'chunk-size' = 'head') {
    this.#parts = parts
    this.#state = begins
  }

  get complete(): boolean {
    return this.#state === 'complete'
  }

  /** Whether the connection may serve another request; only once complete. */
  get reusable(): boolean {
    return this.complete && this.#head?.reusable === true
  }

  /** Takes a read's bytes; returns where the response ended, which is `end` while it has not. Throws a `MalformedResponse`. */
  push(bytes: Buffer, from: number, end: number): number {
    let at = from
    while (at < end && this.#state !== 'complete') at = this.#step(bytes, at, end)
    return at
  }

  /** The connection's orderly end: whether the response is whole, and where it broke off if not. */
  close(): { whole: true } | { whole: false; detail: string } {
    if (this.#state === 'until-close') this.#state = 'complete'
    if (this.#state === 'complete') return { whole: true }
    if (this.#state === 'head') {
      return { whole: false, detail: this.#carry.length === 0 ? 'before a response' : "within the response's head" }
    }
    if (this.#state === 'length') return { whole: false, detail: `${this.#left} bytes before the end of the body` }
    return { whole: false, detail: 'before the last chunk of the body' }
  }

  #step(bytes: Buffer, at: number, end: number): number {
    switch (this.#state) {
      case 'head':
        return this.#takeHead(bytes, at, end)
      case 'chunk-size':
        return this.#takeSize(bytes, at, end)
      case 'chunk':
      case 'length':
        return this.#takeBody(bytes, at, end)
      case 'chunk-end':
        return this.#takeChunkEnd(bytes, at, end)
      case 'trailer':
        return this.#takeLine(bytes, at, end, (line) => this.#takeTrailer(line))
      case 'until-close':
        this.#parts.onBody(bytes, at, end)
        return end
      case 'complete':
        return at
    }
  }

  #takeHead(bytes: Buffer, at: number, end: number): number {
    const before = this.#carry.length
    const stop = Math.min(end, at + headLimit - before)
    this.#carry.append(bytes, at, stop)
    const held = this.#carry.bytes
    const prefix = Math.min(held.length, start.length)
    if (held.toString('latin1', 0, prefix) !== start.slice(0, prefix)) {
      throw new MalformedResponse(`no HTTP response: ${evidence(held)}`)
    }
    const close = held.indexOf('\r\n\r\n', Math.max(0, before - 3), 'latin1')
    if (close < 0 && held.length < headLimit) return stop
    this.#headBytes += close < 0 ? held.length : close + 4
    if (close < 0 || this.#headBytes > headLimit) throw new MalformedResponse(`a head longer than ${headLimit} bytes`)
    this.#begin(parseHead(held.subarray(0, close)))
    this.#carry.clear()
    return at + close + 4 - before
  }

  #begin(head: HttpHead): void {
    if (head.status === 101) throw new MalformedResponse('another protocol (status 101), which was not asked for')
    if (head.status < 200) return
    this.#head = head
    this.#parts.onHead(head)
    const { framing } = head
    if (framing.kind === 'chunked') this.#state = 'chunk-size'
    else if (framing.kind === 'until-close') this.#state = 'until-close'
    else {
      this.#left = framing.bytes
      this.#state = framing.bytes > 0 ? 'length' : 'complete'
    }
  }

  #takeBody(bytes: Buffer, at: number, end: number): number {
    const stop = Math.min(end, at + this.#left)
    this.#parts.onBody(bytes, at, stop)
    this.#left -= stop - at
    if (this.#left === 0) this.#state = this.#state === 'chunk' ? 'chunk-end' : 'complete'
    return stop
  }

  /** The usual chunk line stands whole in one read and is a bare number: no copy then. */
  #takeSize(bytes: Buffer, at: number, end: number): number {
    if (this.#line.length > 0) return this.#takeLine(bytes, at, end, (line) => this.#beginChunk(sizeOf(line)))
    let size = 0
    for (let i = at; i < end && i < at + 8; i += 1) {
      const byte = bytes[i] as number
      const digit = hexDigit(byte)
      if (digit >= 0) size = size * 16 + digit
      else if (byte === cr && bytes[i + 1] === lf && i + 1 < end && i > at) {
        this.#beginChunk(size)
        return i + 2
      } else break
    }
    return this.#takeLine(bytes, at, end, (line) => this.#beginChunk(sizeOf(line)))
  }

  #beginChunk(size: number): void {
    this.#left = size
    this.#state = size > 0 ? 'chunk' : 'trailer'
  }

  #takeChunkEnd(bytes: Buffer, at: number, end: number): number {
    if (this.#line.length > 0 || at + 1 >= end || bytes[at] !== cr || bytes[at + 1] !== lf) {
      return this.#takeLine(bytes, at, end, (line) => this.#endChunk(line))
    }
    this.#state = 'chunk-size'
    return at + 2
  }

  #endChunk(line: Buffer): void {
    if (line.length > 0) throw new MalformedResponse(`a chunk longer than it said: ${evidence(line)}`)
    this.#state = 'chunk-size'
  }

  #takeTrailer(line: Buffer): void {
    this.#trailers += 1
    if (line.length === 0) this.#state = 'complete'
    else if (this.#trailers > mostTrailers) throw new MalformedResponse(`more than ${mostTrailers} trailers`)
  }

  /** Collects a line up to CR LF, and hands it on without them. */
  #takeLine(bytes: Buffer, at: number, end: number, take: (line: Buffer) => void): number {
    const feed = bytes.indexOf(lf, at)
    const stop = feed < 0 || feed >= end ? end : feed + 1
    this.#line.append(bytes, at, stop)
    if (stop === end && bytes[end - 1] !== lf) return end
    const held = this.#line.bytes
    if (held[held.length - 2] !== cr) throw new MalformedResponse(`a chunk line without CR LF: ${evidence(held)}`)
    take(held.subarray(0, -2))
    this.#line.clear()
    return stop
  }
}

/** 0 to 15, or -1. */
function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const letter = byte | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

const sizeLine = /^([\dA-Fa-f]{1,12})[ \t]*(?:;[^\r\n]*)?$/

/** A chunk's size: at most 2 ** 48, of which nothing is held. */
function sizeOf(line: Buffer): number {
  const found = sizeLine.exec(line.toString('latin1'))
  if (!found) throw new MalformedResponse(`no chunk size: ${evidence(line)}`)
  return Number.parseInt(found[1] as string, 16)
}
