import type { Ns } from '../domain/timeline.ts'
import { HttpDecoder } from '../wire/http-decoder.ts'
import { MalformedResponse } from '../wire/malformed-response.ts'

/** A request as it came. */
export type ReceivedRequest = {
  method: string
  /** Without the query. */
  path: string
  headers: Readonly<Record<string, string>>
  body: string
  /** When the read was taken that had the last of its headers. */
  arrivalNs: Ns
}

/** A request that cannot be read: its connection is of no use any more. */
export type Unreadable = { status: 400 | 413 | 431 | 501 | 505; message: string }

export type Reading =
  | { kind: 'more' }
  | { kind: 'request'; request: ReceivedRequest }
  | { kind: 'unreadable'; why: Unreadable }

const mostHeadBytes = 65_536
const mostBodyBytes = 33_554_432
const tooLong: Unreadable = { status: 413, message: `a body has at most ${mostBodyBytes} bytes here` }
const headEnd = Buffer.from('\r\n\r\n')

type Head = Omit<ReceivedRequest, 'body'> & { length: number | 'chunked' }

/** Takes the requests of a connection out of its bytes: HTTP/1.1, bodies with a length or in chunks. */
export class RequestReader {
  readonly #onContinue: () => void
  #reads: Buffer[] = []
  #bytes = 0
  #head: Head | undefined
  #chunks: ChunkedBody | undefined

  /** `onContinue`: the client waits to be told that its body is wanted. */
  constructor(onContinue: () => void) {
    this.#onContinue = onContinue
  }

  push(read: Buffer): void {
    this.#reads.push(read)
    this.#bytes += read.length
  }

  /** The next request, where it is there as a whole; `nowNs` is when the last read was taken. */
  take(nowNs: Ns): Reading {
    const head = this.#head ?? this.#takeHead(nowNs)
    if (head === undefined) return { kind: 'more' }
    if ('status' in head) return { kind: 'unreadable', why: head }
    this.#head = head
    const { length, ...request } = head
    const body = length === 'chunked' ? this.#takeChunks() : this.#takeBytes(length)
    if (body === undefined) return { kind: 'more' }
    if (typeof body !== 'string') return { kind: 'unreadable', why: body }
    this.#head = undefined
    return { kind: 'request', request: { ...request, body } }
  }

  #takeBytes(length: number): string | undefined {
    return this.#bytes < length ? undefined : this.#cut(length).toString()
  }

  #takeChunks(): string | Unreadable | undefined {
    const chunks = (this.#chunks ??= new ChunkedBody())
    const taken = chunks.take(this.#joined())
    if (typeof taken !== 'number') return taken
    this.#cut(taken)
    if (!chunks.complete) return undefined
    this.#chunks = undefined
    return chunks.text()
  }

  #takeHead(nowNs: Ns): Head | Unreadable | undefined {
    const bytes = this.#joined()
    const end = bytes.indexOf(headEnd)
    if (end > mostHeadBytes || (end < 0 && bytes.length > mostHeadBytes))
      return { status: 431, message: 'the headers are too long' }
    if (end < 0) return undefined
    const head = parseHead(this.#cut(end + headEnd.length).toString('latin1'), nowNs)
    if (!('status' in head) && head.headers['expect'] === '100-continue') this.#onContinue()
    return head
  }

  #joined(): Buffer {
    const [first] = this.#reads
    const all = this.#reads.length === 1 && first !== undefined ? first : Buffer.concat(this.#reads)
    this.#reads = [all]
    return all
  }

  #cut(length: number): Buffer {
    const all = this.#joined()
    this.#reads = length < all.length ? [all.subarray(length)] : []
    this.#bytes = all.length - length
    return all.subarray(0, length)
  }
}

function parseHead(text: string, arrivalNs: Ns): Head | Unreadable {
  const [requestLine = '', ...lines] = text.trimEnd().split('\r\n')
  const [, method, target, version] = /^([A-Z]+) (\S+) HTTP\/(\d\.\d)$/.exec(requestLine) ?? []
  if (method === undefined || target === undefined) return { status: 400, message: 'this is no HTTP request' }
  if (version !== '1.1') return { status: 505, message: 'only HTTP/1.1 is spoken here' }
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon < 1) return { status: 400, message: 'a header has no name' }
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
  }
  const length = lengthOf(headers)
  if (typeof length === 'object') return length
  return { method, path: target.replace(/\?.*/s, ''), headers, length, arrivalNs }
}

function lengthOf(headers: Readonly<Record<string, string>>): Head['length'] | Unreadable {
  const { 'content-length': told = '0', 'transfer-encoding': coding } = headers
  if (coding !== undefined && headers['content-length'] !== undefined)
    return { status: 400, message: 'a body has a content-length or a transfer-encoding, not both' }
  if (coding?.toLowerCase() === 'chunked') return 'chunked'
  if (coding !== undefined) return { status: 501, message: 'the only transfer-encoding that is read here is chunked' }
  if (!/^\d{1,15}$/.test(told)) return { status: 400, message: 'the content-length is no number' }
  return Number(told) > mostBodyBytes ? tooLong : Number(told)
}

/** A body in chunks, taken as it comes. */
class ChunkedBody {
  readonly #pieces: Buffer[] = []
  #bytes = 0
  readonly #decoder = new HttpDecoder(
    {
      onHead: () => {},
      onBody: (bytes, start, end) => {
        this.#bytes += end - start
        if (this.#bytes <= mostBodyBytes) this.#pieces.push(bytes.subarray(start, end))
      },
    },
    'chunk-size',
  )

  /** How many of the bytes belong to it. */
  take(bytes: Buffer): number | Unreadable {
    try {
      const taken = this.#decoder.push(bytes, 0, bytes.length)
      return this.#bytes > mostBodyBytes ? tooLong : taken
    } catch (error) {
      if (!(error instanceof MalformedResponse)) throw error
      return { status: 400, message: `the body is not chunked as it says: ${error.message}` }
    }
  }

  get complete(): boolean {
    return this.#decoder.complete
  }

  text(): string {
    return Buffer.concat(this.#pieces).toString()
  }
}
