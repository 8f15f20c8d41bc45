import { type ClientReadableStream, type Client, type Metadata, type StatusObject, status } from '@grpc/grpc-js'
import type { FailureReason, Ns } from '../domain/timeline.ts'
import { graceMs } from './http-connection.ts'
import type { StreamEnd, StreamOptions, StreamResult } from './http-exchange.ts'
import type { GrpcMethod } from './grpc-methods.ts'
import { messageFrame, trailersFrame } from './grpc-frames.ts'
import { callFailure } from './grpc-status.ts'
import { headOf } from './replay-call.ts'
import { evidence as bytesShown, MalformedResponse } from './malformed-response.ts'
import type { StreamRecorder } from './stream-recorder.ts'

type Parts = {
  method: GrpcMethod
  options: StreamOptions
  now: () => Ns
  recorder: StreamRecorder | undefined
}
type Read = { at: Ns; read: number }

/** One call: what the library says of it, beside what was seen of its bytes. */
export class GrpcCall {
  readonly #parts: Parts
  /** Of messages that the library has not told yet: when the read came that completed each. */
  readonly #reads: Read[] = []
  readonly #done = Promise.withResolvers<{ at: Ns; end: StreamEnd }>()
  #call: ClientReadableStream<Buffer> | undefined
  #stream: number | undefined
  #sentAt: Ns | undefined
  #messages = 0
  #lastRead = -1
  #readCount = 0
  #endedAt: Ns | undefined
  #resetCode: number | undefined
  #closed: { at: Ns; error?: Error } | undefined
  #status: StatusObject | undefined
  #isDone = false
  /** Runs from the answer's last word until the call is given up. */
  #grace: NodeJS.Timeout | undefined
  #isHeldOpen = false
  #pending: { frames: Buffer[]; at: Ns; read: number } | undefined

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Sends, and waits for the end. */
  async run(client: Client, bytes: Buffer, { metadata, connectNs }: { metadata: Metadata; connectNs: Ns }) {
    const { method, options, now, recorder } = this.#parts
    const began = now()
    const call = client.makeServerStreamRequest(method.path, itself, itself, bytes, metadata)
    this.#call = call
    call.on('data', (message: Buffer) => this.#take(message))
    call.on('error', () => {}) // told by its status
    call.on('status', (said: StatusObject) => (this.#status = said) && this.#settle(call))
    call.on('end', () => this.#settle(call))
    const onAbort = () => this.stop()
    options.signal.addEventListener('abort', onAbort, { once: true })
    if (options.signal.aborted) this.stop()
    const { at, end } = await this.#done.promise.finally(() => options.signal.removeEventListener('abort', onAbort))
    const sentAt = this.#sentAt ?? began
    this.#flush()
    const stream = await recorder?.finish(sentAt)
    const head = headOf(end, this.#messages)
    const how = { ...(this.#isHeldOpen && { heldOpen: true as const }), ...(stream && { stream }) }
    return { sentAt, doneAt: at, connectNs, ...head, body: '', end, ...how } satisfies StreamResult
  }

  /** Frames that this side wrote; the first has the request's head. */
  wrote(stream: number, at: Ns): void {
    if (this.#stream !== undefined) return
    this.#stream = stream
    this.#sentAt = at
    this.#parts.options.onSent?.(at)
  }

  /** A message that was read whole, in a socket read of this number: those that had messages are counted from 0. */
  read(stream: number, at: Ns, read: number): void {
    if (stream !== this.#stream) return
    if (read !== this.#lastRead) this.#readCount += 1
    this.#lastRead = read
    this.#reads.push({ at, read: this.#readCount - 1 })
  }

  ended(stream: number, at: Ns): void {
    if (stream === this.#stream) this.#endedAt ??= at
  }

  reset(stream: number, code: number): void {
    if (stream === this.#stream && this.#endedAt === undefined) this.#resetCode = code
  }

  closed(at: Ns, error?: Error): void {
    this.#closed ??= { at, ...(error && { error }) }
  }

  /** Ends it from here. */
  stop(): void {
    this.#fail('stopped', cameBefore(this.#messages))
  }

  #take(message: Buffer): void {
    const { method, options, now } = this.#parts
    const { at, read } = this.#reads.shift() ?? { at: now(), read: 0 }
    if (this.#isDone) return
    this.#messages += 1
    this.#keep(messageFrame(message), at, read)
    try {
      options.onEvent(decoded(method, message), at, read)
      if (options.isOver?.() === true && !this.#isDone) this.#grace ??= setTimeout(() => this.#giveUp(), graceMs)
    } catch (error) {
      if (error instanceof MalformedResponse) this.#fail('malformed-response', error.message)
      else this.#refuse(error)
    }
  }

  /** The answer is whole, and its call does not end. */
  #giveUp(): void {
    this.#isHeldOpen = !this.#isDone
    this.stop()
  }

  /** When the library has told its status and all messages before it. */
  #settle(call: ClientReadableStream<Buffer>): void {
    const said = this.#status
    if (this.#isDone || said === undefined || !call.readableEnded) return
    const isServers = this.#endedAt !== undefined
    const failure = callFailure({
      code: said.code,
      details: said.details,
      isServers,
      messages: this.#messages,
      ...(this.#resetCode !== undefined && { resetCode: this.#resetCode }),
      ...(this.#closed && { closed: this.#closed }),
    })
    const at = this.#endedAt ?? this.#closed?.at ?? this.#parts.now()
    if (isServers || said.code === status.OK) this.#keepStatus(said, at)
    this.#finish(at, failure ? { status: 'failed', ...failure } : { status: 'complete' })
  }

  #keepStatus({ code, details }: StatusObject, at: Ns): void {
    const message = code === status.OK ? {} : { 'grpc-message': details }
    this.#keep(trailersFrame({ 'grpc-status': String(code), ...message }), at, -1)
  }

  #fail(reason: FailureReason, detail: string): void {
    this.#finish(this.#parts.now(), { status: 'failed', reason, detail })
    this.#call?.cancel()
  }

  #finish(at: Ns, end: StreamEnd): void {
    clearTimeout(this.#grace)
    this.#isDone = true
    this.#done.resolve({ at, end })
  }

  #refuse(error: unknown): void {
    clearTimeout(this.#grace)
    this.#isDone = true
    this.#done.reject(error)
    this.#call?.cancel()
  }

  /** Messages of one read are one entry of a recording. */
  #keep(frame: Buffer, at: Ns, read: number): void {
    if (this.#parts.recorder === undefined) return
    if (this.#pending?.read === read) {
      this.#pending.frames.push(frame)
      return
    }
    this.#flush()
    this.#pending = { frames: [frame], at, read }
  }

  #flush(): void {
    if (this.#pending === undefined) return
    const bytes = Buffer.concat(this.#pending.frames)
    this.#parts.recorder?.add(bytes, 0, bytes.length, this.#pending.at)
    this.#pending = undefined
  }
}

const itself = (bytes: Buffer) => bytes

function decoded(method: GrpcMethod, message: Buffer): string {
  try {
    return method.decodeAnswer(message)
  } catch {
    throw new MalformedResponse(`a message that is none of ${method.path}: ${bytesShown(message)}`)
  }
}

function cameBefore(messages: number): string {
  if (messages === 0) return 'no message had come'
  return messages === 1 ? '1 message had come' : `${messages} messages had come`
}
