import { status } from '@grpc/grpc-js'
import { createServer, type ServerHttp2Stream } from 'node:http2'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { outcomeOf } from '../../lib/backend/answer-outcome.ts'
import { toldBy } from '../../lib/backend/answer-told.ts'
import { generationSaid } from '../../lib/backend/generation-said.ts'
import { readAgain } from '../../lib/backend/read-again.ts'
import { tgisProtocol } from '../../lib/backend/tgis-protocol.ts'
import type { RecordedStream } from '../../lib/domain/timeline.ts'
import { messageFrame } from '../../lib/wire/grpc-frames.ts'
import { openGrpcPool } from '../../lib/wire/grpc-pool.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { ask, grpcServer, type GrpcVisit, method } from '../wire/grpc-server.ts'

type Pool = Awaited<ReturnType<typeof openGrpcPool>>

/** One call as an engine makes it, and what came of it: the same of its bytes, read again. */
async function called(pool: Pool, signal = new AbortController().signal) {
  const reader = tgisProtocol.reader(16)
  const result = await pool.stream(0, ask, {
    signal,
    keepStream: true,
    onEvent: (data, at, read) => reader.take(data, at, read),
    isOver: () => reader.isOver,
  })
  const { accept, ending } = tgisProtocol
  const answer = reader.result(result.sentAt)
  const outcome = outcomeOf(result, answer, { maxTokens: 16, accept, ending })
  const again = readAgain(result.stream as RecordedStream, 16, tgisProtocol)
  if (again.outcome) expect(again.outcome).toEqual(outcome)
  expect(again.told.output).toEqual(toldBy(answer).output)
  return { outcome, told: toldBy(answer), heldOpen: result.heldOpen ?? false, connectNs: result.connectNs }
}

async function visited(script: (visit: GrpcVisit) => unknown) {
  await using server = await grpcServer(script)
  await using pool = await openGrpcPool({ url: server.url }, 1, { now })
  return await called(pool)
}

const words = ({ say }: GrpcVisit) => {
  say({ input_token_count: 7 })
  say({ text: 'Salt', generated_token_count: 1 })
}
const fails = (visit: GrpcVisit) => visit.fail({ code: status.INTERNAL, details: 'died' })
const last = { text: ' air', generated_token_count: 2, stop_reason: 'MAX_TOKENS' }
const failed = (reason: string, detail: string | RegExp) => ({
  status: 'failed',
  reason,
  detail: typeof detail === 'string' ? detail : expect.stringMatching(detail),
})

test.each([
  [status.UNAVAILABLE, 'server-error'],
  [status.CANCELLED, 'server-error'],
  [status.DEADLINE_EXCEEDED, 'server-error'],
  [status.UNKNOWN, 'server-error'],
  [status.RESOURCE_EXHAUSTED, 'rate-limited'],
  [status.UNAUTHENTICATED, 'unauthorized'],
  [status.NOT_FOUND, 'request-refused'],
])('a status %i alone is %s, its words cut and fit for a terminal', async (code, reason) => {
  const details = `no\u001b[2J ${'way '.repeat(1000)}`
  const { outcome, told } = await visited(({ fail }) => fail({ code, details }))
  expect(outcome).toEqual(failed(reason, new RegExp(`^${status[code]}: no`)))
  const { detail } = outcome as { detail: string }
  expect([detail.includes('\u001b'), detail.length < 400, told.events]).toEqual([false, true, undefined])
})

test('a status after an answer fails it, even one that was whole', async () => {
  const cut = await visited((visit) => {
    words(visit)
    fails(visit)
  })
  expect(cut).toMatchObject({ outcome: failed('error-in-stream', 'INTERNAL: died'), told: { output: 'Salt' } })
  const whole = await visited((visit) => {
    words(visit)
    visit.say(last)
    fails(visit)
  })
  expect(whole).toMatchObject({ outcome: failed('error-in-stream', 'INTERNAL: died'), told: { output: 'Salt air' } })
})

test('an end in order without a reason to stop, or without a message, broke off', async () => {
  const cut = await visited((visit) => {
    words(visit)
    visit.end()
  })
  expect(cut.outcome).toEqual(
    failed('closed-early', 'the stream ended after 1 content events, without a reason to stop'),
  )
  const { outcome } = await visited(({ end }) => end())
  expect(outcome).toEqual(failed('closed-early', /after 0 content events/))
})

test('an answer that is whole, and a call that never ends, is an answer; the connection serves the next', async () => {
  let calls = 0
  await using server = await grpcServer((visit) => {
    words(visit)
    visit.say(last)
    if ((calls += 1) > 1) visit.end()
  })
  await using pool = await openGrpcPool({ url: server.url }, 1, { now })
  const ok = { outcome: { status: 'ok', finish: 'length' }, told: { output: 'Salt air', outputTokens: 2 } }
  expect(await called(pool)).toMatchObject({ ...ok, heldOpen: true })
  expect(await called(pool)).toMatchObject({ ...ok, heldOpen: false, connectNs: 0 })
})

test('what fails an answer ends its call, whether the server does or not', async () => {
  const said: readonly [object, object][] = [
    [{ stop_reason: 'ERROR' }, failed('error-in-stream', 'the server said: stopped for ERROR')],
    [{ stop_reason: 'TIME_LIMIT' }, failed('error-in-stream', 'the server said: stopped for TIME_LIMIT')],
    [{ stop_reason: 'CANCELLED' }, failed('error-in-stream', 'the server said: stopped for CANCELLED')],
  ]
  for (const [message, outcome] of said) {
    const ended = await visited((visit) => {
      words(visit)
      visit.say(message)
    })
    expect(ended).toMatchObject({ outcome, told: { output: 'Salt' } })
  }
  const backwards = await visited(({ say }) => {
    say({ text: 'a', generated_token_count: 9 })
    say({ text: 'b', generated_token_count: 3 })
  })
  expect(backwards.outcome).toEqual(
    failed('malformed-response', 'the server counted 3 output tokens after it had counted 9'),
  )
  const none = await visited(({ raw }) => raw(Buffer.from('2210ff', 'hex')))
  expect(none.outcome).toEqual(failed('malformed-response', /^a message that is none of /))
})

/** A server of Node's own HTTP/2, which may say that it goes away. */
async function leaving(onStream: (stream: ServerHttp2Stream) => void) {
  const server = createServer()
  server.on('stream', (stream) => {
    stream.on('error', () => {})
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
    onStream(stream)
  })
  server.on('session', (session) => session.on('error', () => {}))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `grpc://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, [Symbol.dispose]: () => void server.close() }
}
const frame = (message: object) => messageFrame(method.encodeAnswer(message))

test('a server that goes away ends its answer first, and the next call has a connection of its own', async () => {
  using server = await leaving((stream) => {
    stream.write(frame({ text: 'Salt', generated_token_count: 1 }))
    stream.session?.goaway(0)
    stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    setTimeout(() => stream.end(frame(last)), 20)
  })
  await using pool = await openGrpcPool({ url: server.url }, 1, { now })
  expect((await called(pool)).outcome).toEqual({ status: 'ok', finish: 'length' })
  const next = await called(pool)
  expect([next.outcome.status, next.connectNs > 0]).toEqual(['ok', true])
})

test('one that goes away in the middle broke off', async () => {
  using server = await leaving((stream) => {
    stream.write(frame({ text: 'Salt', generated_token_count: 1 }), () => {
      stream.session?.goaway(0)
      setTimeout(() => stream.session?.destroy(), 20)
    })
  })
  await using pool = await openGrpcPool({ url: server.url }, 1, { now })
  const { outcome, told } = await called(pool)
  expect(outcome).toEqual(failed((outcome as { reason: string }).reason, /after 1 message/))
  expect(['closed-early', 'connection-reset']).toContain((outcome as { reason: string }).reason)
  expect(told.output).toBe('Salt')
})

test('of counts that are none nothing is kept, and the token that ended a text is no part of it', () => {
  for (const odd of [-1, 1.5, 1.8e19, Number.NaN, null, '', ' ', '0x10', {}]) {
    const { usage, counted } = generationSaid({
      text: 'a',
      outputTokens: odd,
      promptTokens: odd,
      stopReason: 'MAX_TOKENS',
    })
    expect([usage, counted]).toEqual([{}, undefined])
  }
  const { usage } = generationSaid({ text: '', outputTokens: '4', promptTokens: 7, stopReason: 'EOS_TOKEN' })
  expect(usage).toEqual({ promptTokens: 7, outputTokens: 3 })
})
