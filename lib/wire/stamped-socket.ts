import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { Ns } from '../domain/timeline.ts'
import type { ReadTurn } from './read-turn.ts'

/** What is heard of a socket's bytes before anybody decodes them. */
export type OnBytes = {
  /** One socket read, with its stamp. */
  onRead: (bytes: Buffer, at: Ns) => void
  /** Bytes that are handed to the kernel right after this. */
  onWrite: (bytes: Buffer, at: Ns) => void
  /** The end of the connection; `error` where it broke. */
  onClose?: (at: Ns, error?: Error) => void
}

/**
 * A socket that a library of HTTP/2 reads and writes through: it says when the bytes really came and left, which the library
 * tells later, if at all. With `turn`, all sockets that became readable in a turn of the event loop are stamped before the bytes of any
 * are decoded.
 */
export class StampedSocket extends Duplex {
  readonly #socket: Socket
  readonly #now: () => Ns
  readonly #turn: ReadTurn | undefined
  readonly #on: OnBytes
  #waiting: { bytes: Buffer; at: Ns }[] = []
  #closed: { at: Ns; error?: Error } | undefined
  #isTold = false
  #isQueued = false

  constructor(socket: Socket, { now, turn }: { now: () => Ns; turn?: ReadTurn }, on: OnBytes) {
    super({ allowHalfOpen: true })
    this.#socket = socket
    this.#now = now
    this.#turn = turn
    this.#on = on
    socket.on('data', (bytes: Buffer) => this.receive(bytes))
    socket.on('end', () => this.#close())
    socket.on('error', (error) => this.#close(error))
    socket.on('close', () => this.#close())
    this.on('error', () => {}) // told by `onClose`
  }

  /** Bytes that were read from the socket, now. */
  receive(bytes: Buffer): void {
    this.#waiting.push({ bytes, at: this.#now() })
    this.#queue()
  }

  /** Hands on what was read; an end comes in a turn of its own, so that what the last bytes say is told before it. */
  parse(): void {
    const waiting = this.#waiting
    this.#waiting = []
    this.#isQueued = false
    for (const { bytes, at } of waiting) {
      this.#on.onRead(bytes, at)
      if (!this.destroyed && !this.push(bytes)) this.#socket.pause()
    }
    if (this.#closed === undefined || this.#isTold) return
    if (waiting.length > 0) return this.#queue()
    this.#isTold = true
    const { at, error } = this.#closed
    this.#on.onClose?.(at, error)
    if (error) this.destroy(error)
    else if (!this.destroyed) this.push(null)
  }

  #close(error?: Error): void {
    if (this.#closed) return
    this.#closed = { at: this.#now(), ...(error && { error }) }
    this.#queue()
  }

  #queue(): void {
    if (this.#isQueued) return
    if (this.#turn === undefined) return this.parse()
    this.#isQueued = true
    this.#turn.add(this)
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(bytes: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#send(bytes, done)
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done)
  }

  #send(bytes: Buffer, done: (error?: Error | null) => void): void {
    this.#on.onWrite(bytes, this.#now())
    this.#socket.write(bytes, done)
  }

  override _final(done: () => void): void {
    this.#socket.end()
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy()
    done(error)
  }
}
