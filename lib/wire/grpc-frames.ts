import { MalformedResponse } from './malformed-response.ts'

const prefixBytes = 5
/** A message's flag; the other one is what gRPC-Web has for trailers in a body. */
const trailersFlag = 0x80
/** As an event of HTTP may have. */
export const mostMessageBytes = 16 * 1024 * 1024

/** A message as it is sent: a flag, its length, and itself. */
export function messageFrame(message: Uint8Array): Buffer {
  return framed(message, 0)
}

/** Trailers in the form of gRPC-Web, so that a recording has how the call ended. */
export function trailersFrame(trailers: Readonly<Record<string, string>>): Buffer {
  const lines = Object.entries(trailers).map(([name, value]) => `${name}:${encodeURIComponent(value)}\r\n`)
  return framed(Buffer.from(lines.join('')), trailersFlag)
}

function framed(bytes: Uint8Array, flag: number): Buffer {
  const frame = Buffer.allocUnsafe(prefixBytes + bytes.length)
  frame[0] = flag
  frame.writeUInt32BE(bytes.length, 1)
  frame.set(bytes, prefixBytes)
  return frame
}

/** Messages and trailers of gRPC in a row, however they are cut. */
export class FrameReader {
  readonly #onMessage: (message: Buffer) => void
  readonly #onTrailers: (trailers: Record<string, string>) => void
  #kept: Buffer = Buffer.alloc(0)

  constructor(onMessage: (message: Buffer) => void, onTrailers: (trailers: Record<string, string>) => void) {
    this.#onMessage = onMessage
    this.#onTrailers = onTrailers
  }

  /** Whether nothing waits for its end. */
  get isEmpty(): boolean {
    return this.#kept.length === 0
  }

  /** Throws a `MalformedResponse` where a frame is neither, or too long. */
  push(bytes: Buffer): void {
    const all = this.#kept.length === 0 ? bytes : Buffer.concat([this.#kept, bytes])
    let at = 0
    while (all.length - at >= prefixBytes) {
      const [flag, length] = [all[at] as number, all.readUInt32BE(at + 1)]
      if (flag !== 0 && flag !== trailersFlag) throw new MalformedResponse(`a message of gRPC with the flag ${flag}`)
      if (length > mostMessageBytes) throw new MalformedResponse(`a message of ${length} bytes`)
      const end = at + prefixBytes + length
      if (end > all.length) break
      const body = all.subarray(at + prefixBytes, end)
      if (flag === 0) this.#onMessage(body)
      else this.#onTrailers(readTrailers(body.toString('latin1')))
      at = end
    }
    this.#kept = Buffer.from(all.subarray(at))
  }
}

function readTrailers(text: string): Record<string, string> {
  const pairs = text.split('\r\n').map((line) => /^([^:]+):(.*)$/.exec(line))
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1] as string, decoded(pair[2] as string)]] : [])))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
