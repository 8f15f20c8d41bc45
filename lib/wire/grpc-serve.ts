import { type IncomingHttpHeaders, performServerHandshake, type ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import type { Ns } from '../domain/timeline.ts'
import { FrameReader, messageFrame } from './grpc-frames.ts'
import { type GrpcMethod, grpcMethod } from './grpc-methods.ts'
import { Http2Scanner } from './http2-scanner.ts'
import { StampedSocket } from './stamped-socket.ts'

const unimplemented = 12
const invalidArgument = 3

/** One call, as a server has it. */
export type ServedCall = {
  path: string
  headers: Readonly<Record<string, string>>
  /** The message that came, as JSON. */
  ask: string
  /** When the socket read was taken that completed it. */
  arrivalNs: Ns
  answer: ServedAnswer
  socket: Socket
}

/** The way out of a call. */
export class ServedAnswer {
  readonly #stream: ServerHttp2Stream
  readonly #method: GrpcMethod
  /** Of writes that are on their way: their messages that have not left, and what to call when they have. */
  readonly #leaving: { messages: number; onLeft: (at: Ns) => void }[] = []
  #isOpen = false

  constructor(stream: ServerHttp2Stream, method: GrpcMethod) {
    this.#stream = stream
    this.#method = method
  }

  get writable(): boolean {
    return this.#stream.writable
  }

  /** Bytes of a message behind its length. */
  frameOf(answer: object): Buffer {
    return messageFrame(this.#method.encodeAnswer(answer))
  }

  /** Sends so many, behind one another; `onLeft` is called right before the last byte of them is handed to the kernel. */
  write(frames: Buffer, messages: number, onLeft: (at: Ns) => void): void {
    if (!this.writable) return
    this.#open()
    this.#leaving.push({ messages, onLeft })
    this.#stream.write(frames)
  }

  /** Ends in order with a status; calls `done` when all has left. */
  end(code: number, message = '', done: () => void = () => {}): void {
    if (!this.writable) return done()
    const trailers = {
      'grpc-status': String(code),
      ...(message !== '' && { 'grpc-message': encodeURIComponent(message) }),
    }
    this.#stream.once('close', done)
    if (!this.#isOpen) {
      this.#stream.respond({ ...head, ...trailers }, { endStream: true })
      return
    }
    this.#stream.once('wantTrailers', () => this.#stream.sendTrailers(trailers))
    this.#stream.end()
  }

  /** Breaks the stream off, and not the connection. */
  reset(code: number): void {
    this.#stream.close(code)
  }

  /** A message of it has left. */
  left(at: Ns): void {
    const [first] = this.#leaving
    if (first === undefined) return
    first.messages -= 1
    if (first.messages > 0) return
    this.#leaving.shift()
    first.onLeft(at)
  }

  /** Sends the head of the answer. */
  #open(): void {
    if (this.#isOpen) return
    this.#isOpen = true
    this.#stream.respond(head, { waitForTrailers: true })
  }
}

const head = { ':status': 200, 'content-type': 'application/grpc' }

/**
 * Serves a connection whose first bytes are `begun`, to the end of it. `onCall` is called for each call of a method that is known, and
 * returns what to call when the client has left.
 */
export function serveGrpc(
  socket: Socket,
  begun: Buffer,
  { now, onCall }: { now: () => Ns; onCall: (call: ServedCall) => () => void },
): void {
  const answers = new Map<number, ServedAnswer>()
  let at = 0
  const leaving = new Http2Scanner({ onMessage: (stream) => answers.get(stream)?.left(at) })
  const through = new StampedSocket(
    socket,
    { now },
    {
      onRead: (_, readAt) => (at = readAt),
      onWrite: (bytes, writtenAt) => {
        at = writtenAt
        leaving.push(bytes)
      },
    },
  )
  // Of a socket the library uses what a Duplex has.
  const session = performServerHandshake(through as unknown as Socket)
  session.on('error', () => through.destroy())
  session.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on('error', () => {})
    const path = String(headers[':path'])
    const method = grpcMethod(path)
    if (method === undefined) return refuse(stream, unimplemented, `there is no ${path} here`)
    const answer = new ServedAnswer(stream, method)
    const number = stream.id as number
    answers.set(number, answer)
    let left: (() => void) | undefined
    stream.once('close', () => {
      answers.delete(number)
      left?.()
    })
    receive(stream, method, (ask) => {
      left = onCall({ path, headers: plainHeaders(headers), ask, arrivalNs: now(), answer, socket })
    })
  })
  through.receive(begun)
}

function receive(stream: ServerHttp2Stream, method: GrpcMethod, onAsk: (ask: string) => void): void {
  let isRead = false
  const reader = new FrameReader(
    (message) => {
      if (isRead) return
      isRead = true
      onAsk(method.decodeAsk(message))
    },
    () => {},
  )
  stream.on('data', (bytes: Buffer) => {
    try {
      reader.push(bytes)
    } catch {
      refuse(stream, invalidArgument, `the message is none of ${method.path}`)
    }
  })
}

function refuse(stream: ServerHttp2Stream, code: number, message: string): void {
  if (!stream.headersSent)
    stream.respond(
      { ...head, 'grpc-status': String(code), 'grpc-message': encodeURIComponent(message) },
      { endStream: true },
    )
}

const plainHeaders = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
