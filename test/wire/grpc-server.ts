import { type Metadata, Server, ServerCredentials, type ServerWritableStream, type StatusObject } from '@grpc/grpc-js'
import { grpcMethod } from '../../lib/wire/grpc-methods.ts'
import type { ConnectionPool } from '../../lib/wire/connection-pool.ts'
import { openGrpcPool } from '../../lib/wire/grpc-pool.ts'
import type { StreamOptions, StreamResult } from '../../lib/wire/http-exchange.ts'
import { monotonicNs } from '../../lib/worker/monotonic.ts'
import { never } from './send.ts'

export const path = '/fmaas.GenerationService/GenerateStream'
export const method = grpcMethod(path) as NonNullable<ReturnType<typeof grpcMethod>>
export const ask = { path, headers: { 'mm-model-id': 'm' }, body: '{"model_id":"m","request":{"text":"Hello"}}' }

export type GrpcVisit = {
  request: unknown
  metadata: Metadata
  say: (answer: object) => void
  raw: (message: Buffer) => void
  end: () => void
  fail: (status: Partial<StatusObject>) => void
  cancelled: Promise<void>
}

const itself = (bytes: Buffer) => bytes

/** A server of the library that everybody has, which does what a test says. */
export async function grpcServer(
  script: (visit: GrpcVisit) => unknown,
  { credentials = ServerCredentials.createInsecure(), port = 0, scheme = 'grpc' } = {},
): Promise<AsyncDisposable & { port: number; url: string }> {
  const server = new Server()
  const definition = {
    GenerateStream: {
      path,
      requestStream: false,
      responseStream: true,
      requestSerialize: itself,
      requestDeserialize: itself,
      responseSerialize: itself,
      responseDeserialize: itself,
    },
  }
  server.addService(definition, {
    GenerateStream: (one: ServerWritableStream<Buffer, Buffer>) => {
      script({
        request: JSON.parse(method.decodeAsk(one.request)) as unknown,
        metadata: one.metadata,
        say: (answer) => void one.write(method.encodeAnswer(answer)),
        raw: (message) => void one.write(message),
        end: () => void one.end(),
        fail: (status) => void one.emit('error', status),
        cancelled: new Promise((resolve) => one.on('cancelled', resolve)),
      })
    },
  })
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, credentials, (error, at) => (error ? reject(error) : resolve(at)))
  })
  return {
    port: bound,
    url: `${scheme}://127.0.0.1:${bound}`,
    [Symbol.asyncDispose]() {
      server.forceShutdown()
      return Promise.resolve()
    },
  }
}

export type Seen = { result: StreamResult; events: { data: unknown; at: number; read: number }[] }

/** One call over a pool's first channel, with the messages it gave. */
export async function call(pool: ConnectionPool, options: Partial<StreamOptions> = {}, request = ask): Promise<Seen> {
  const events: Seen['events'] = []
  const onEvent = (data: string, at: number, read: number) => events.push({ data: JSON.parse(data), at, read })
  return { result: await pool.stream(0, request, { signal: never, onEvent, ...options }), events }
}

/** One call to a server that does what `script` says. */
export async function visited(
  script: (visit: GrpcVisit) => unknown,
  options: Partial<StreamOptions> = {},
): Promise<Seen> {
  await using server = await grpcServer(script)
  await using pool = await openGrpcPool({ url: server.url }, 1, { now: monotonicNs })
  return await call(pool, options)
}
