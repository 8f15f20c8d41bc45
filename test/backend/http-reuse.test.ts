import { expect, test, vi } from 'vitest'
import { graceMs } from '../../lib/backend/http-connection.ts'
import { HttpPool } from '../../lib/backend/http-pool.ts'
import { monotonicNs } from '../../lib/worker/monotonic.ts'
import { answer, chunk, chunkedHead, lastChunk, scriptedServer, type Visit } from './scripted-server.ts'
import { ask, send } from './send.ts'

const whole = chunkedHead + chunk('data: one\n\n') + lastChunk

/** A server whose first connection serves one request and then does `then` with the next; the others do `later` with each. */
const turning = (then: (one: Visit) => unknown, later: (one: Visit) => unknown = answer(whole)) =>
  scriptedServer(async (one) => {
    if (one.number > 0) return void (await later(one))
    await answer(whole)(one)
    await one.request()
    await then(one)
  })

const closes = (one: Visit) => one.socket.end()

test('a server that closes after each response without saying so fails no request', async () => {
  await using server = await scriptedServer(async (one) => {
    await one.request()
    one.socket.end(whole)
  })
  await using pool = await HttpPool.open({ url: server.url }, 1, { now: monotonicNs })
  for (let i = 0; i < 50; i += 1) expect((await send(pool)).result.end).toEqual({ status: 'complete' })
})

test.each([
  ['closes', closes],
  ['resets', (one: Visit) => one.socket.resetAndDestroy()],
])('a request that crosses with a server that %s is sent once more, and its times are of that', async (_, close) => {
  await using server = await turning(close)
  await using pool = await HttpPool.open({ url: server.url }, 1, { now: monotonicNs })
  const sent: number[] = []
  const onSent = (at: number) => sent.push(at)
  const { result: before } = await send(pool, { onSent })
  const { result, events } = await send(pool, { onSent, keepStream: true })
  expect([before.resentNs, result.end, events.length]).toEqual([undefined, { status: 'complete' }, 1])
  const [, first = 0, second = 0] = sent
  expect([result.sentAt, result.resentNs, result.connectNs]).toEqual([second, second - first, 0])
  expect(result.stream?.deltasUs.every((us) => us >= 0)).toBe(true)
  expect(server.connections()).toBe(2)
})

const asIt = async (server: { url: string }, now = monotonicNs) => {
  await using pool = await HttpPool.open({ url: server.url }, 1, { now })
  await send(pool)
  const { end, resentNs } = (await send(pool)).result
  return `${end.status === 'failed' ? end.detail : end.status}, ${resentNs === undefined ? 'sent once' : 'sent twice'}`
}

test('it is sent no third time', async () => {
  await using server = await turning(closes, async (one) => {
    await one.request()
    closes(one)
  })
  expect(await asIt(server)).toBe('the server closed the connection before a response, sent twice')
  expect(server.connections()).toBe(2)
})

test('a request of which a byte was answered is sent once', async () => {
  await using server = await turning((one) => one.socket.end('H'))
  expect(await asIt(server)).toBe("the server closed the connection within the response's head, sent once")
})

test('a server that took its time before it closed had the request: it is sent once', async () => {
  let passedNs = 0
  await using server = await turning((one) => {
    passedNs += 251e6
    one.socket.end()
  })
  const late = await asIt(server, () => monotonicNs() + passedNs)
  expect(late).toBe('the server closed the connection before a response, sent once')
})

test('a response that goes on though its answer is over is ended after a grace, and its connection not used again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    await using server = await scriptedServer(answer(chunkedHead + chunk('data: one\n\n')))
    await using pool = await HttpPool.open({ url: server.url }, 1, { now: monotonicNs })
    const { promise: isOver, resolve } = Promise.withResolvers<void>()
    let ended = false
    const one = { signal: new AbortController().signal, onEvent: () => resolve(), isOver: () => true }
    const result = pool.stream(0, ask, one).finally(() => (ended = true))
    await isOver
    await vi.advanceTimersByTimeAsync(graceMs - 1)
    expect(ended).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await result).toMatchObject({ heldOpen: true, end: { reason: 'stopped' } })
    expect(server.connections()).toBe(1)
    const again = pool.stream(0, ask, one)
    while (server.connections() === 1) await new Promise(setImmediate)
    await pool[Symbol.asyncDispose]()
    expect((await again).connectNs).toBeGreaterThan(0)
  } finally {
    vi.useRealTimers()
  }
})

test('a response that ends in time leaves no grace behind, and its connection is used again', async () => {
  await using server = await scriptedServer(async (one) => {
    for (;;) {
      await one.request()
      await one.write(chunkedHead + chunk('data: one\n\n'))
      await new Promise(setImmediate)
      await one.write(lastChunk)
    }
  })
  await using pool = await HttpPool.open({ url: server.url }, 1, { now: monotonicNs })
  for (let i = 0; i < 3; i += 1)
    expect((await send(pool, { isOver: () => true })).result).toMatchObject({ end: { status: 'complete' } })
  expect(server.connections()).toBe(1)
})

test.each([
  ['nothing', '', 'no byte of a response had come'],
  ['half a head', 'HTTP/1.1 200', '12 bytes of a response had come: "HTTP/1.1 200"'],
  [
    'more than is shown',
    chunkedHead,
    `${chunkedHead.length} bytes of a response had come: "HTTP/1.1 200 OK\\r\\nContent-Type: text/event-stream"...`,
  ],
])('a stopped request says what had come: %s', async (_, bytes, detail) => {
  const stop = new AbortController()
  await using server = await scriptedServer(async (one) => {
    await answer(bytes)(one)
    // Ours is read by a turn of the event loop that comes after it was written.
    for (let i = 0; i < 20; i += 1) await new Promise(setImmediate)
    stop.abort()
  })
  await using pool = await HttpPool.open({ url: server.url }, 1, { now: monotonicNs })
  expect((await send(pool, { signal: stop.signal })).result.end).toMatchObject({ reason: 'stopped', detail })
})
