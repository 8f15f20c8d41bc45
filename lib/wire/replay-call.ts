import { status } from '@grpc/grpc-js'
import type { RecordedStream } from '../domain/timeline.ts'
import type { StreamEnd, StreamedResponse } from './http-exchange.ts'
import { type GrpcMethod, grpcMethod } from './grpc-methods.ts'
import { FrameReader } from './grpc-frames.ts'
import { callFailure } from './grpc-status.ts'
import { evidence, MalformedResponse } from './malformed-response.ts'
import { readsOf } from './replay-stream.ts'

/** What every answer over gRPC is. */
const grpcContentType = 'application/grpc'

/** The head of an answer, as one of HTTP has it: it came where a message or an end in order did. */
export const headOf = (end: StreamEnd, messages: number): Pick<StreamedResponse, 'status' | 'headers'> =>
  end.status === 'complete' || messages > 0
    ? { status: 200, headers: { 'content-type': grpcContentType } }
    : { headers: {} }

/** `replayStream` of a call of gRPC: its messages were kept, each behind its length, and its status, as gRPC-Web has it. */
export function replayCall(
  stream: RecordedStream,
  path: string,
  onEvent: (data: string, atUs: number, read: number) => void,
): StreamedResponse {
  const method = grpcMethod(path)
  if (method === undefined) throw new Error(`no service has ${path}`)
  const decoder = new GrpcDecoder(method, onEvent)
  for (const { bytes, atUs, read } of readsOf(stream)) decoder.push(bytes, atUs, read)
  return decoder.response()
}

/** Reads messages that were kept, as they were read when they came. */
export class GrpcDecoder {
  readonly #reader: FrameReader
  #at = 0
  #read = 0
  #messages = 0
  #end: StreamedResponse['end'] | undefined

  constructor(method: GrpcMethod, onEvent: (data: string, at: number, read: number) => void) {
    const onMessage = (message: Buffer) => {
      if (this.#end) return
      this.#messages += 1
      onEvent(jsonOf(method, message), this.#at, this.#read)
    }
    this.#reader = new FrameReader(onMessage, (trailers) => this.#close(trailers))
  }

  push(bytes: Buffer, at: number, read: number): void {
    this.#at = at
    this.#read = read
    if (this.#end) return
    try {
      this.#reader.push(bytes)
    } catch (error) {
      if (!(error instanceof MalformedResponse)) throw error
      this.#end = { status: 'failed', reason: 'malformed-response', detail: error.message }
    }
  }

  /** What came; without trailers the call was broken off, which is not in the bytes. */
  response(): StreamedResponse {
    const broken = { status: 'failed', reason: 'connection-reset', detail: 'the recording ends here' } as const
    const end = this.#end ?? broken
    return { ...headOf(end, this.#messages), body: '', end }
  }

  #close(trailers: Readonly<Record<string, string>>): void {
    const code = Number(trailers['grpc-status'] ?? status.UNKNOWN)
    const details = trailers['grpc-message'] ?? ''
    const failure = callFailure({ code, details, isServers: true, messages: this.#messages })
    this.#end = failure ? { status: 'failed', ...failure } : { status: 'complete' }
  }
}

function jsonOf(method: GrpcMethod, message: Buffer): string {
  try {
    return method.decodeAnswer(message)
  } catch {
    throw new MalformedResponse(`a message that is none of ${method.path}: ${evidence(message)}`)
  }
}
