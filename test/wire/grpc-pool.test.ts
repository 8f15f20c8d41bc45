import { status } from '@grpc/grpc-js'
import { createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { openGrpcPool } from '../../lib/wire/grpc-pool.ts'
import { mostMessageBytes } from '../../lib/wire/grpc-frames.ts'
import { monotonicNs } from '../../lib/worker/monotonic.ts'
import { ask, call, grpcServer, type GrpcVisit, visited } from './grpc-server.ts'
import { scriptedServer } from './scripted-server.ts'

const open = (url: string, size = 1) => openGrpcPool({ url }, size, { now: monotonicNs })
const words = ({ say, end }: GrpcVisit) => {
  for (const text of ['Salt', ' air', '']) say({ text, generated_token_count: 1 })
  end()
}

test('sends a message with its metadata, and gets each message of the answer with the time of its read', async () => {
  const asked: unknown[] = []
  const { result, events } = await visited((visit) => {
    asked.push(visit.request, visit.metadata.get('mm-model-id'))
    words(visit)
  })
  expect(asked).toEqual([{ model_id: 'm', request: { text: 'Hello' } }, ['m']])
  expect(events.map(({ data }) => data)).toEqual([
    { text: 'Salt', generated_token_count: 1 },
    { text: ' air', generated_token_count: 1 },
    { text: '', generated_token_count: 1 },
  ])
  expect(result).toMatchObject({ status: 200, end: { status: 'complete' }, connectNs: 0 })
  const times = [result.sentAt, ...events.map(({ at }) => at), result.doneAt]
  expect(times.toSorted((a, b) => a - b)).toEqual(times)
  expect(events[0]?.at).toBeGreaterThan(result.sentAt)
})

test('tells that a request has left before its answer', async () => {
  let sent: number | undefined
  const { result } = await visited(words, { onSent: (at) => (sent = at) })
  expect(sent).toBe(result.sentAt)
})

test.each([
  [status.INVALID_ARGUMENT, 'request-refused'],
  [status.NOT_FOUND, 'request-refused'],
  [status.UNIMPLEMENTED, 'request-refused'],
  [status.UNAUTHENTICATED, 'unauthorized'],
  [status.PERMISSION_DENIED, 'unauthorized'],
  [status.RESOURCE_EXHAUSTED, 'rate-limited'],
  [status.DEADLINE_EXCEEDED, 'server-error'],
  [status.INTERNAL, 'server-error'],
  [status.UNAVAILABLE, 'server-error'],
])('a status %i instead of an answer is %s, in the words of the server', async (code, reason) => {
  const { result } = await visited(({ fail }) => fail({ code, details: 'so it is' }))
  expect(result.end).toEqual({ status: 'failed', reason, detail: `${status[code]}: so it is` })
})

test('a status after messages is an error in the stream', async () => {
  const { result, events } = await visited(({ say, fail }) => {
    say({ text: 'Salt' })
    fail({ code: status.INTERNAL, details: 'the engine failed' })
  })
  expect(events.length).toBe(1)
  expect(result.end).toEqual({ status: 'failed', reason: 'error-in-stream', detail: 'INTERNAL: the engine failed' })
})

test('a call that is stopped is told to the server, and the connection serves the next', async () => {
  const stopped = Promise.withResolvers<void>()
  let calls = 0
  await using server = await grpcServer((visit) => {
    calls += 1
    if (calls > 1) return words(visit)
    visit.say({ text: 'Salt' })
    void visit.cancelled.then(stopped.resolve)
  })
  await using pool = await open(server.url)
  const abort = new AbortController()
  const { result } = await call(pool, { signal: abort.signal, onEvent: () => abort.abort() })
  expect(result.end).toEqual({ status: 'failed', reason: 'stopped', detail: '1 message had come' })
  await stopped.promise
  const next = await call(pool)
  expect([next.events.length, next.result.end.status, next.result.connectNs]).toEqual([3, 'complete', 0])
})

test('a connection that breaks in an answer fails the call, and is opened anew for the next', async () => {
  let port = 0
  {
    await using server = await grpcServer(({ say }) => say({ text: 'Salt' }))
    port = server.port
    await using pool = await open(server.url)
    const { result } = await call(pool, { onEvent: () => void server[Symbol.asyncDispose]() })
    expect(result.end).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/^(connection-reset|closed-early)$/),
    })
    await using again = await grpcServer(words, { port })
    const next = async () => {
      const { result: after } = await call(pool)
      return [after.end.status, after.connectNs > 0, again.port]
    }
    await expect.poll(next).toEqual(['complete', true, port])
  }
})

test.each([
  ['FIN', 'closed-early', 'the server closed the connection after 0 messages'],
  ['RST', 'connection-reset', 'read ECONNRESET after 0 messages'],
])('a connection that ends by %s before an answer is %s', async (how, reason, detail) => {
  const { bare, frames } = await bareHttp2((socket) => (how === 'FIN' ? socket.end() : socket.resetAndDestroy()))
  await using server = bare
  await using pool = await open(server.url.replace('http', 'grpc'))
  const { result } = await call(pool)
  expect(frames()).toBeGreaterThan(0)
  expect(result.end).toEqual({ status: 'failed', reason, detail })
})

test('where nothing listens is unreachable, and says why', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  await expect(open(`grpc://127.0.0.1:${port}`)).rejects.toMatchObject({
    reason: 'unreachable',
    message: `no connection to grpc://127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`,
  })
})

test('a server that speaks something else is unreachable, and says what it said', async () => {
  await using server = await scriptedServer(async ({ write, socket }) => {
    await write('HTTP/1.1 400 Bad Request\r\n\r\n')
    socket.end()
  })
  await expect(open(server.url.replace('http', 'grpc'))).rejects.toMatchObject({
    reason: 'unreachable',
    message: expect.stringContaining(
      'the server does not speak HTTP/2, which gRPC needs: it said "HTTP/1.1 400 Bad Request',
    ) as string,
  })
})

test('a message larger than what is read fails its call alone', async () => {
  let calls = 0
  await using server = await grpcServer((visit) => {
    calls += 1
    if (calls === 1) visit.raw(Buffer.alloc(mostMessageBytes + 1))
    else words(visit)
  })
  await using pool = await open(server.url)
  const { result } = await call(pool)
  expect(result.end).toMatchObject({ status: 'failed', reason: 'malformed-response' })
  expect(result.end).toMatchObject({ detail: expect.stringContaining('larger than max') as string })
  expect((await call(pool)).result.end).toEqual({ status: 'complete' })
})

test('a message that is none is malformed', async () => {
  const { result } = await visited(({ raw, end }) => {
    raw(Buffer.from('ffffff', 'hex'))
    end()
  })
  expect(result.end).toMatchObject({ status: 'failed', reason: 'malformed-response' })
})

test('a field that the message does not have is refused before it is sent', async () => {
  await using server = await grpcServer(words)
  await using pool = await open(server.url)
  const body = '{"params":{"stopping":{"max_tokens":1}}}'
  await expect(call(pool, {}, { ...ask, body })).rejects.toMatchObject({
    reason: 'request-refused',
    message:
      'the request cannot be put into SingleGenerationRequest: params: stopping: it has max_new_tokens, min_new_tokens, time_limit_millis, stop_sequences, and no "max_tokens"',
  })
  expect((await call(pool)).result.end.status).toBe('complete')
})

test('each client has a connection of its own, and calls at once', async () => {
  const waiting: GrpcVisit[] = []
  await using server = await grpcServer((visit) => {
    if (waiting.push(visit) === 3) waiting.forEach(words)
  })
  await using pool = await open(server.url, 3)
  const answers = await Promise.all(
    [0, 1, 2].map((client) => pool.stream(client, ask, { signal: new AbortController().signal, onEvent: () => {} })),
  )
  expect(answers.map(({ end }) => end.status)).toEqual(['complete', 'complete', 'complete'])
})

/** A server that says that it speaks HTTP/2, and does something else when a request comes. */
async function bareHttp2(onRequest: (socket: Socket) => void) {
  let seen = 0
  const settings = Buffer.from('000000040000000000', 'hex')
  const bare = await scriptedServer(async ({ socket, write }) => {
    await write(settings)
    socket.on('data', (bytes: Buffer) => {
      // A frame of type HEADERS with END_HEADERS: the library sends it in a write of its own.
      for (let at = 0; at + 9 <= bytes.length; at += 1)
        if (bytes[at + 3] === 1 && bytes[at + 4] === 4 && bytes.readUInt32BE(at + 5) === 1) {
          seen += 1
          onRequest(socket)
          return
        }
    })
  })
  return { bare, frames: () => seen }
}
