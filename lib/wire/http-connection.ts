import type { Socket } from 'node:net'
import { EngineFailure } from '../domain/backend.ts'
import type { Ns } from '../domain/timeline.ts'
import type { CloseHabit } from './close-habit.ts'
import { ConnectionPast } from './connection-past.ts'
import { dial, type HttpAddress, reasonOf } from './http-dial.ts'
import type { HttpRequest, StreamOptions, StreamResult } from './http-exchange.ts'
import { FirstBytes } from './first-bytes.ts'
import { requestBytes } from './http-request.ts'
import { PendingReads } from './pending-reads.ts'
import type { ReadTurn } from './read-turn.ts'
import { StreamDecoder } from './stream-decoder.ts'
import { type RecorderBudget, StreamRecorder } from './stream-recorder.ts'

export type ConnectionContext = { now: () => Ns; turn: ReadTurn; budget: RecorderBudget; habit: CloseHabit }

/** One request under way. */
type Exchange = {
  decoder: StreamDecoder
  recorder: StreamRecorder | undefined
  sentAt: Ns
  reads: number
  came: FirstBytes
  /** Whether the answer has said its last word. */
  isOver: () => boolean
  /** Runs from then until the connection is given up. */
  grace?: NodeJS.Timeout
  isHeldOpen: boolean
  finish: (doneAt: Ns) => void
  refuse: (error: unknown) => void
}

const readBytes = 64 * 1024
/** Bytes that wait for the parser before reading is paused: a server that is faster than it fills no memory. */
const mostPending = 64 * 1024
/** How long a response may take to end after its last word: its last chunk mostly comes in the same write. */
export const graceMs = 100

/** One connection to a server, opened anew where it was closed. A read is stamped and copied when it comes, and parsed later. */
export class HttpConnection {
  readonly #address: HttpAddress
  readonly #context: ConnectionContext
  readonly #past: ConnectionPast
  readonly #pending = new PendingReads()
  #socket: Socket | undefined
  #exchange: Exchange | undefined
  #isBusy = false
  #isQueued = false
  #isParsing = false
  #isPaused = false
  #isEnded = false
  #closed: { at: Ns; error?: Error } | undefined

  constructor(address: HttpAddress, context: ConnectionContext) {
    this.#address = address
    this.#context = context
    this.#past = new ConnectionPast(context.habit)
  }

  /** Rejects with an `EngineFailure` ('unreachable', or 'stopped' by the signal). */
  async open(signal?: AbortSignal): Promise<void> {
    // What its socket still tells is not of the new one.
    this.#disconnect()
    this.#closed = undefined
    this.#past.forget()
    const callback = (bytes: number, from: Uint8Array): boolean => this.#onRead(bytes, from)
    const socket = await dial(this.#address, { buffer: Buffer.allocUnsafeSlow(readBytes), callback }, signal)
    if (this.#isEnded) {
      socket.destroy()
      throw new EngineFailure('stopped', 'stopped while a connection was opened')
    }
    this.#socket = socket
    socket.on('end', () => this.#onClose(socket))
    socket.on('error', (error) => this.#onClose(socket, error))
    socket.on('close', () => this.#onClose(socket))
  }

  /** One at a time. A failure is a result, never an exception. */
  async stream(request: HttpRequest, options: StreamOptions): Promise<StreamResult> {
    if (this.#isBusy) throw new Error('a client sends one request at a time')
    const bytes = requestBytes(this.#address, request)
    this.#isBusy = true
    try {
      // A server's close that is here already shows when the event loop has looked at its sockets once more.
      if (this.#past.hasServed && this.#isOpen) await new Promise(setImmediate)
      // What came unasked must not become part of this response; a close is to be learned from before it is forgotten.
      if (!this.#pending.isEmpty || this.#closed) this.parse()
      if (this.#past.hasServed && this.#context.habit.isKnown) this.#disconnect()
      if (this.#isOpen) return await this.#exchangeOver(bytes, options, 0)
      return await this.#sendAnew(bytes, options)
    } finally {
      this.#isBusy = false
    }
  }

  /** For good: ends what is under way as stopped. */
  close(): void {
    this.#isEnded = true
    this.#stop()
    this.#disconnect()
  }

  async #sendAnew(bytes: Buffer, options: StreamOptions): Promise<StreamResult> {
    const from = this.#context.now()
    const failure = await this.open(options.signal).catch((error: unknown) => error)
    const connectNs = this.#context.now() - from
    if (failure === undefined) return await this.#exchangeOver(bytes, options, connectNs)
    return this.#notSent(failure, connectNs)
  }

  #disconnect(): void {
    this.#socket?.destroy()
    this.#socket = undefined
  }

  get #isOpen(): boolean {
    return this.#socket?.destroyed === false && this.#socket.writable && !this.#closed
  }

  #notSent(failure: unknown, connectNs: Ns): StreamResult {
    if (!(failure instanceof EngineFailure)) throw failure
    const at = this.#context.now()
    const end = { status: 'failed', reason: failure.reason, detail: failure.message } as const
    return { sentAt: at, doneAt: at, connectNs, headers: {}, body: '', end }
  }

  async #exchangeOver(bytes: Buffer, options: StreamOptions, connectNs: Ns): Promise<StreamResult> {
    const { signal, isOver = never, onSent } = options
    const { promise, resolve, reject } = Promise.withResolvers<Ns>()
    const decoder = new StreamDecoder(options.onEvent, options.onBytes)
    const recorder = options.keepStream === true ? new StreamRecorder(this.#context.budget) : undefined
    const parts = { decoder, recorder, isOver, finish: resolve, refuse: reject }
    const exchange: Exchange = { ...parts, sentAt: 0, reads: 0, came: new FirstBytes(), isHeldOpen: false }
    const onAbort = () => this.#stop()
    this.#exchange = exchange
    signal.addEventListener('abort', onAbort, { once: true })
    exchange.sentAt = this.#context.now()
    if (signal.aborted) this.#stop()
    else this.#socket?.write(bytes)
    onSent?.(exchange.sentAt)
    const doneAt = await promise.finally(() => signal.removeEventListener('abort', onAbort))
    const { sentAt, isHeldOpen } = exchange
    const stream = await recorder?.finish(sentAt)
    const how = { ...(isHeldOpen && { heldOpen: true as const }), ...(stream && { stream }) }
    return { sentAt, doneAt, connectNs, ...decoder.response(), ...how }
  }

  /** The hot path. */
  #onRead(bytes: number, from: Uint8Array): boolean {
    this.#pending.add(from, bytes, this.#context.now())
    this.#queue()
    this.#isPaused = this.#pending.length >= mostPending
    return !this.#isPaused
  }

  #onClose(socket: Socket, error?: Error): void {
    if (socket !== this.#socket || this.#closed) return
    this.#closed = { at: this.#context.now(), ...(error && { error }) }
    this.#queue()
  }

  #queue(): void {
    if (this.#isQueued) return
    this.#isQueued = true
    this.#context.turn.add(this)
  }

  /** Parses what was read in this turn of the event loop. */
  parse(): void {
    this.#isQueued = false
    const exchange = this.#exchange
    this.#isParsing = true
    try {
      this.#pending.drain(this.#take)
      if (this.#closed && this.#exchange) this.#endBy(this.#exchange, this.#closed)
      else if (this.#closed && this.#socket) this.#past.closed(this.#closed.at)
    } catch (error) {
      this.#disconnect()
      this.#exchange = undefined
      clearTimeout(exchange?.grace)
      exchange?.refuse(error)
    } finally {
      this.#isParsing = false
    }
    if (this.#closed) this.#disconnect()
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#socket?.resume()
  }

  // One function for all reads: no garbage for each.
  readonly #take = (bytes: Buffer, start: number, end: number, at: Ns): void => {
    const exchange = this.#exchange
    // Nobody asked: whatever comes next on this connection could not be told from it.
    if (!exchange) return this.#disconnect()
    exchange.recorder?.add(bytes, start, end, at)
    exchange.came.add(bytes, start, end)
    const used = exchange.decoder.push(bytes, start, end, at, exchange.reads)
    exchange.reads += 1
    if (exchange !== this.#exchange) return
    if (exchange.decoder.end) this.#finish(exchange, at, used === end)
    else if (exchange.isOver()) exchange.grace ??= setTimeout(() => this.#giveUp(exchange), graceMs)
  }

  /** The answer is whole, and its response does not end. */
  #giveUp(exchange: Exchange): void {
    this.parse()
    if (exchange !== this.#exchange) return
    exchange.isHeldOpen = true
    this.#stop()
  }

  #endBy(exchange: Exchange, { at, error }: { at: Ns; error?: Error }): void {
    const crossing = exchange.reads > 0 ? '' : this.#past.crossed(exchange.sentAt, at)
    if (error)
      exchange.decoder.fail('connection-reset', `${reasonOf(error)}${crossing && ` before a response${crossing}`}`)
    else {
      // That it may have crossed with the request is not in the bytes.
      if (crossing === '') exchange.recorder?.add(Buffer.alloc(0), 0, 0, at)
      exchange.decoder.close(crossing)
    }
    this.#finish(exchange, at, false)
  }

  #stop(): void {
    const at = this.#context.now()
    if (!this.#isParsing) this.parse()
    const exchange = this.#exchange
    if (!exchange) return
    exchange.decoder.fail('stopped', exchange.came.toString())
    this.#finish(exchange, at, false)
  }

  #finish(exchange: Exchange, at: Ns, isClean: boolean): void {
    clearTimeout(exchange.grace)
    this.#exchange = undefined
    this.#past.served(at)
    if (!isClean || !exchange.decoder.reusable) this.#disconnect()
    exchange.finish(at)
  }
}

const never = () => false
