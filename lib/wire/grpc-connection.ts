import { Metadata } from '@grpc/grpc-js'
import { EngineFailure } from '../domain/backend.ts'
import type { Ns } from '../domain/timeline.ts'
import { GrpcCall } from './grpc-call.ts'
import { GrpcChannel } from './grpc-channel.ts'
import { grpcMethod } from './grpc-methods.ts'
import type { HttpAddress } from './http-dial.ts'
import type { HttpRequest, StreamOptions, StreamResult } from './http-exchange.ts'
import { Http2Scanner } from './http2-scanner.ts'
import type { ReadTurn } from './read-turn.ts'
import type { OnBytes } from './stamped-socket.ts'
import { type RecorderBudget, StreamRecorder } from './stream-recorder.ts'

/** What a client of HTTP/2 sends before its first frame. */
const prefaceBytes = 24

type Context = { now: () => Ns; turn: ReadTurn; budget: RecorderBudget }

/** One channel to a server, opened anew where its connection was closed. */
export class GrpcConnection {
  readonly #address: HttpAddress
  readonly #context: Context
  #channel: GrpcChannel | undefined
  #call: GrpcCall | undefined
  /** How many connections were opened: what an earlier one still tells is not of this call. */
  #opened = 0
  #hasServed = false
  #isEnded = false

  constructor(address: HttpAddress, context: Context) {
    this.#address = address
    this.#context = context
  }

  /** Rejects with an `EngineFailure` ('unreachable', or 'stopped' by the signal). */
  async open(signal?: AbortSignal): Promise<void> {
    this.#channel?.close()
    this.#channel = undefined
    this.#hasServed = false
    const channel = await GrpcChannel.open(this.#address, this.#context, { on: this.#heard(), signal })
    if (this.#isEnded) {
      channel.close()
      throw new EngineFailure('stopped', 'stopped while a connection was opened')
    }
    this.#channel = channel
  }

  /** One at a time. A failure is a result, never an exception, but of a request that cannot be put into its message. */
  async stream(request: HttpRequest, options: StreamOptions): Promise<StreamResult> {
    if (this.#call) throw new Error('a client sends one request at a time')
    const method = grpcMethod(request.path)
    if (method === undefined) throw new Error(`no service has ${request.path}`)
    const bytes = method.encodeAsk(request.body)
    const recorder = options.keepStream === true ? new StreamRecorder(this.#context.budget) : undefined
    const call = new GrpcCall({ method, options, now: this.#context.now, recorder })
    this.#call = call
    try {
      // A server's close that is here already shows when the event loop has looked at its sockets once more.
      if (this.#hasServed) await new Promise(setImmediate)
      const connectNs = this.#channel?.isOpen === true ? 0 : await this.#openAnew(options.signal)
      const how = { metadata: metadataOf(request.headers), connectNs }
      return await call.run((this.#channel as GrpcChannel).client, bytes, how)
    } catch (error) {
      if (error instanceof NotOpened) return this.#notSent(error)
      throw error
    } finally {
      this.#call = undefined
      this.#hasServed = true
    }
  }

  /** For good: ends what is under way as stopped. */
  close(): void {
    this.#isEnded = true
    this.#call?.stop()
    this.#channel?.close()
  }

  async #openAnew(signal: AbortSignal): Promise<Ns> {
    const from = this.#context.now()
    try {
      await this.open(signal)
    } catch (error) {
      if (error instanceof EngineFailure) throw new NotOpened(error, this.#context.now() - from)
      throw error
    }
    return this.#context.now() - from
  }

  #notSent({ failure, connectNs }: NotOpened): StreamResult {
    const at = this.#context.now()
    const end = { status: 'failed', reason: failure.reason, detail: failure.message } as const
    return { sentAt: at, doneAt: at, connectNs, headers: {}, body: '', end }
  }

  /** What a connection's bytes say to the call that is under way. */
  #heard(): OnBytes {
    let [at, read] = [0, -1]
    this.#opened += 1
    const own = this.#opened
    const isMine = () => own === this.#opened
    const reads = new Http2Scanner({
      onMessage: (stream) => this.#call?.read(stream, at, read),
      onEnd: (stream) => this.#call?.ended(stream, at),
      onReset: (stream, code) => this.#call?.reset(stream, code),
      onGoAway: () => this.#call?.closed(at),
    })
    const writes = new Http2Scanner({ onHeaders: (stream) => this.#call?.wrote(stream, at) }, prefaceBytes)
    return {
      onRead: (bytes, now) => {
        at = now
        read += 1
        if (isMine()) reads.push(bytes)
      },
      onWrite: (bytes, now) => {
        at = now
        if (isMine()) writes.push(bytes)
      },
      onClose: (now, error) => {
        if (isMine()) this.#call?.closed(now, error)
      },
    }
  }
}

class NotOpened extends Error {
  readonly failure: EngineFailure
  readonly connectNs: Ns

  constructor(failure: EngineFailure, connectNs: Ns) {
    super(failure.message, { cause: failure })
    this.failure = failure
    this.connectNs = connectNs
  }
}

function metadataOf(headers: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
  return metadata
}
