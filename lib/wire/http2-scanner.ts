/** What is heard of frames, each when its last byte has passed; `stream` is the number that HTTP/2 gives it. */
export type OnFrames = {
  /** A whole message of gRPC. */
  onMessage?: (stream: number) => void
  /** A head, or trailers. */
  onHeaders?: (stream: number) => void
  /** The sender's last word on a stream; `reset` with its code, where it broke it off. */
  onEnd?: (stream: number) => void
  onReset?: (stream: number, code: number) => void
  /** The sender is about to end the connection. */
  onGoAway?: () => void
}

const headBytes = 9
const prefixBytes = 5
const [data, headers, reset, goAway] = [0, 1, 3, 7]
const [endStream, padded] = [0x1, 0x8]

type Frame = { type: number; flags: number; stream: number; left: number; padding: number; code: number }
type Message = { head: number; left: number }

/**
 * Follows the frames of one direction of a connection of HTTP/2 (RFC 9113, 4.1, 6.1) and the messages of gRPC in them, however
 * the bytes are cut: which library decodes them does not say when their last byte came, or left. It keeps no bytes and refuses
 * none: what is no HTTP/2 says nothing here, and is refused by the library.
 */
export class Http2Scanner {
  readonly #on: OnFrames
  readonly #messages = new Map<number, Message>()
  readonly #head = Buffer.alloc(headBytes)
  #headLength = 0
  #skip: number
  #frame: Frame | undefined

  /** @param skip bytes before the first frame: a client begins with 24 */
  constructor(on: OnFrames, skip = 0) {
    this.#on = on
    this.#skip = skip
  }

  push(bytes: Buffer): void {
    let at = Math.min(this.#skip, bytes.length)
    this.#skip -= at
    while (at < bytes.length) at = this.#frame ? this.#inFrame(this.#frame, bytes, at) : this.#inHead(bytes, at)
  }

  #inHead(bytes: Buffer, from: number): number {
    const used = Math.min(headBytes - this.#headLength, bytes.length - from)
    bytes.copy(this.#head, this.#headLength, from, from + used)
    this.#headLength += used
    if (this.#headLength < headBytes) return from + used
    this.#headLength = 0
    const [type, flags] = [this.#head[3] as number, this.#head[4] as number]
    const stream = this.#head.readUInt32BE(5) & 0x7f_ff_ff_ff
    const padding = type === data && (flags & padded) !== 0 ? -1 : 0
    const frame = { type, flags, stream, left: this.#head.readUIntBE(0, 3), padding, code: 0 }
    if (frame.left > 0) this.#frame = frame
    else this.#ended(frame)
    return from + used
  }

  #inFrame(frame: Frame, bytes: Buffer, from: number): number {
    if (frame.padding === -1) {
      frame.padding = bytes[from] as number
      return this.#pass(frame, from, 1)
    }
    const end = Math.min(from + frame.left, bytes.length)
    if (frame.type === data) this.#inData(frame, bytes, from, Math.min(end, from + frame.left - frame.padding))
    if (frame.type === reset) for (let i = from; i < end; i += 1) frame.code = frame.code * 256 + (bytes[i] as number)
    return this.#pass(frame, from, end - from)
  }

  #pass(frame: Frame, from: number, used: number): number {
    frame.left -= used
    if (frame.left === 0) {
      this.#frame = undefined
      this.#ended(frame)
    }
    return from + used
  }

  #inData({ stream }: Frame, bytes: Buffer, from: number, end: number): void {
    let message = this.#messages.get(stream)
    if (message === undefined) this.#messages.set(stream, (message = { head: 0, left: 0 }))
    let at = from
    while (at < end) {
      if (message.head < prefixBytes) {
        if (message.head > 0) message.left = message.left * 256 + (bytes[at] as number)
        message.head += 1
        at += 1
      } else {
        const used = Math.min(message.left, end - at)
        message.left -= used
        at += used
      }
      if (message.head === prefixBytes && message.left === 0) {
        message.head = 0
        this.#on.onMessage?.(stream)
      }
    }
  }

  #ended({ type, flags, stream, code }: Frame): void {
    if (type === headers) this.#on.onHeaders?.(stream)
    if (type === reset) this.#on.onReset?.(stream, code)
    if (type === goAway) this.#on.onGoAway?.()
    const isEnd = (type === data || type === headers) && (flags & endStream) !== 0
    if (isEnd) this.#on.onEnd?.(stream)
    if (isEnd || type === reset) this.#messages.delete(stream)
  }
}
