import { ByteCarry } from './byte-carry.ts'
import { HttpDecoder } from './http-decoder.ts'
import type { StreamedResponse, StreamEnd } from './http-exchange.ts'
import type { HttpHead } from './http-head.ts'
import { framingOf } from './framing.ts'
import { evidence, MalformedResponse } from './malformed-response.ts'
import { NdjsonDecoder } from './ndjson-decoder.ts'
import { type OnSseBytes, type OnSseEvent, SseDecoder } from './sse-decoder.ts'

const bodyLimit = 64 * 1024
const firstBytes = 64
const neverTooLong = () => new Error('more bytes than were asked for')

/** A streamed response as its reads come: the same for a socket and for a recording, so that both say the same. */
export class StreamDecoder {
  readonly #http: HttpDecoder
  /** Server-sent events, until a head says that there are lines of JSON. */
  #events: SseDecoder | NdjsonDecoder
  readonly #body = new ByteCarry(bodyLimit, neverTooLong)
  #head: HttpHead | undefined
  #isEvents = false
  #at = 0
  #read = 0
  #end: StreamEnd | undefined
  #unended = false

  /** @param onEvent its `at` is what `push` was given */
  constructor(onEvent: OnSseEvent, onBytes?: OnSseBytes) {
    // A listener may stop the request: what the same read still has is not told then.
    this.#events = new SseDecoder(
      (data, at, read) => this.#end ?? onEvent(data, at, read),
      onBytes && ((bytes, start, end, at, read) => this.#end !== undefined || onBytes(bytes, start, end, at, read)),
    )
    this.#http = new HttpDecoder({
      onHead: (head) => {
        this.#head = head
        const framing = framingOf(head.headers['content-type'])
        this.#isEvents = framing !== undefined
        if (framing === 'lines')
          this.#events = new NdjsonDecoder((data, at, read) => this.#end ?? onEvent(data, at, read))
      },
      onBody: (bytes, start, end) => this.#takeBody(bytes, start, end),
    })
  }

  /** Absent while it goes on. */
  get end(): StreamEnd | undefined {
    return this.#end
  }

  /** Whether the connection may serve another request. */
  get reusable(): boolean {
    return this.#end?.status === 'complete' && this.#http.reusable
  }

  /** Takes one read; returns where the response ended in it, which is `end` while it has not. */
  push(bytes: Buffer, start: number, end: number, at: number, read: number): number {
    if (this.#end) return start
    this.#at = at
    this.#read = read
    try {
      const used = this.#http.push(bytes, start, end)
      if (this.#http.complete) this.#complete()
      return used
    } catch (error) {
      return this.#refuse(error, end)
    }
  }

  /** The connection's orderly end. `hint` is added to the detail, where that is a failure. */
  close(hint = ''): void {
    if (this.#end) return
    const closed = this.#http.close()
    if (!closed.whole) this.fail('closed-early', `the server closed the connection ${closed.detail}${hint}`)
    else {
      try {
        this.#complete()
      } catch (error) {
        this.#refuse(error, 0)
      }
    }
  }

  /** An end that the bytes do not tell. */
  fail(reason: Extract<StreamEnd, { status: 'failed' }>['reason'], detail: string): void {
    this.#end ??= { status: 'failed', reason, detail }
  }

  /** What came, once it has ended. */
  response(): StreamedResponse {
    if (!this.#end) throw new Error('the response goes on')
    return {
      ...(this.#head && { status: this.#head.status }),
      headers: this.#head?.headers ?? {},
      body: this.#isEvents ? '' : this.#body.bytes.toString('utf8'),
      end: this.#end,
      ...(this.#unended && { unended: true as const }),
    }
  }

  #takeBody(bytes: Buffer, start: number, end: number): void {
    const room = (this.#isEvents ? firstBytes : bodyLimit) - this.#body.length
    if (room > 0) this.#body.append(bytes, start, Math.min(end, start + room))
    if (this.#isEvents) this.#events.push(bytes, start, end, this.#at, this.#read)
  }

  #complete(): void {
    if (this.#isEvents) {
      this.#unended = this.#events.finish(this.#at, this.#read)
      if (!this.#events.known && this.#body.length > 0) {
        const what = this.#events instanceof NdjsonDecoder ? 'lines of JSON' : 'server-sent events'
        throw new MalformedResponse(`no ${what}: ${evidence(this.#body.bytes)}`)
      }
    }
    this.#end ??= { status: 'complete' }
  }

  #refuse(error: unknown, end: number): number {
    if (!(error instanceof MalformedResponse)) throw error
    this.fail('malformed-response', error.message)
    return end
  }
}
