import { expect, test, vi } from 'vitest'
import { graceMs } from '../../lib/wire/http-connection.ts'
import { openHttpPool, type StreamResult } from '../../lib/wire/http-pool.ts'
import { monotonicNs } from '../../lib/worker/monotonic.ts'
import { answer, chunk, chunkedHead, lastChunk, scriptedServer, type Visit } from './scripted-server.ts'
import { ask, never, send } from './send.ts'

const whole = chunkedHead + chunk('data: one\n\n') + lastChunk

const crossed =
  'before a response, over a connection that had served a request and was idle for N s: the close may have crossed with this one'

const silentlyClosing = () =>
  scriptedServer(async (one) => {
    await one.request()
    one.socket.end(whole)
  })

test('a server that closes after each response without saying so fails no request', async () => {
  await using server = await silentlyClosing()
  const onLearned = vi.fn<() => void>()
  await using pool = await openHttpPool({ url: server.url }, 1, { now: monotonicNs, onLearned })
  for (let i = 0; i < 50; i += 1) expect((await send(pool)).result.end).toEqual({ status: 'complete' })
  expect(onLearned).toHaveBeenCalledOnce()
})

test.each<[string, (one: Visit) => unknown, string]>([
  ['closes', (one) => one.socket.end(), `the server closed the connection ${crossed}`],
  ['resets', (one) => one.socket.resetAndDestroy(), `read ECONNRESET ${crossed}`],
  ['answers a byte of', (one) => one.socket.end('H'), "the server closed the connection within the response's head"],
])('a request that a server %s over a used connection fails and is sent once', async (_, then, detail) => {
  let requests = 0
  await using server = await scriptedServer(async (one) => {
    await answer(whole)(one)
    requests += 1
    await one.request()
    requests += 1
    await then(one)
  })
  await using pool = await openHttpPool({ url: server.url }, 1, { now: monotonicNs })
  await send(pool)
  const { end } = (await send(pool)).result
  expect(end.status === 'failed' && end.detail.replace(/\d+\.\d{3} s/, 'N s')).toBe(detail)
  expect([requests, server.connections()]).toEqual([2, 1])
})

test('a warm-up teaches that a server closes after each response: each of 50 requests has a connection of its own', async () => {
  await using server = await silentlyClosing()
  const { promise: learned, resolve } = Promise.withResolvers<void>()
  const onLearned = vi.fn<() => void>(resolve)
  await using pool = await openHttpPool({ url: server.url }, 4, { now: monotonicNs, onLearned })
  const options = { signal: never, onEvent: () => {} }
  const clients = [0, 1, 2, 3]
  await Promise.all(clients.map((client) => pool.stream(client, ask, options)))
  await learned
  let left = 50
  const results: StreamResult[] = []
  const loop = async (client: number) => {
    while (left-- > 0) results.push(await pool.stream(client, ask, options))
  }
  await Promise.all(clients.map(loop))
  expect(results.filter(({ end, connectNs }) => end.status === 'complete' && connectNs > 0)).toHaveLength(50)
  expect([server.connections(), onLearned.mock.calls.length]).toEqual([54, 1])
})

test.each([
  ['right after a first response is learned from', 1, 0, '', true],
  ['of what was idle for long is not', 1, 101e6, '', false],
  ['after a second response is not', 2, 0, '', false],
  ['that was announced is not', 1, 0, 'Connection: close\r\n', false],
])('a close %s', async (_, requests, idleNs, header, isLearned) => {
  let passedNs = 0
  let last: Visit | undefined
  await using server = await scriptedServer(async (one) => {
    last = one
    for (;;) await answer(whole.replace('\r\n', `\r\n${header}`))(one)
  })
  const onLearned = vi.fn<() => void>()
  const now = () => monotonicNs() + passedNs
  await using pool = await openHttpPool({ url: server.url }, 1, { now, onLearned })
  for (let round = 0; round < 2; round += 1) {
    for (let i = 0; i < requests; i += 1) await send(pool)
    passedNs += idleNs
    last?.socket.end()
    // The client's end of it follows when it has seen that.
    while (server.open() > 0) await new Promise(setImmediate)
  }
  await send(pool)
  expect(onLearned).toHaveBeenCalledTimes(isLearned ? 1 : 0)
  const { result } = await send(pool)
  expect([result.end.status, result.connectNs > 0]).toEqual(['complete', isLearned || header !== ''])
})

test.each([
  ['right after a first response is learned from', 1, 0, '', true],
  ['of what was idle for long is not', 1, 101e6, '', false],
  ['after a second response is not', 2, 0, '', false],
  ['after a byte of the next response is not', 1, 0, 'H', false],
])('in a closed loop, where each close crosses with a request, one %s', async (_, answers, idleNs, byte, isLearned) => {
  let nowNs = 0
  await using server = await scriptedServer(async (one) => {
    for (let i = 0; i < answers; i += 1) await answer(whole)(one)
    await one.request()
    nowNs += idleNs
    one.socket.end(byte)
  })
  const onLearned = vi.fn<() => void>()
  await using pool = await openHttpPool({ url: server.url }, 1, { now: () => nowNs, onLearned })
  const ends: string[] = []
  for (let i = 0; i < 4 * (answers + 1); i += 1) ends.push((await send(pool)).result.end.status)
  const round = [...Array.from({ length: answers }, () => 'complete'), 'failed']
  const taught = [...round, ...round]
  expect(ends).toEqual([...taught, ...(isLearned ? taught.map(() => 'complete') : taught)])
  expect(onLearned).toHaveBeenCalledTimes(isLearned ? 1 : 0)
})

test('a listener that throws after its answer is over leaves no grace behind, which would stop the next request', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>()
    const { promise: isLate, resolve: late } = Promise.withResolvers<void>()
    const { promise: isOver, resolve: over } = Promise.withResolvers<void>()
    await using server = await scriptedServer(async (one) => {
      await one.request()
      if (one.number === 0) {
        await one.write(chunkedHead + chunk('data: one\n\n'))
        await isOver
        await one.write(chunk('data: two\n\n'))
      } else {
        isAsked()
        await isLate
        await one.write(whole)
      }
    })
    await using pool = await openHttpPool({ url: server.url }, 1, { now: monotonicNs })
    const onEvent = (data: string) => {
      if (data === 'two') throw new Error('of its own')
      over()
    }
    await expect(send(pool, { onEvent, isOver: () => true })).rejects.toThrow('of its own')
    expect(vi.getTimerCount()).toBe(0)
    const next = send(pool)
    await asked
    await vi.advanceTimersByTimeAsync(graceMs)
    late()
    expect((await next).result.end).toEqual({ status: 'complete' })
  } finally {
    vi.useRealTimers()
  }
})

test('a response that goes on though its answer is over is ended after a grace, and its connection not used again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    await using server = await scriptedServer(answer(chunkedHead + chunk('data: one\n\n')))
    await using pool = await openHttpPool({ url: server.url }, 1, { now: monotonicNs })
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
  await using pool = await openHttpPool({ url: server.url }, 1, { now: monotonicNs })
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
  await using pool = await openHttpPool({ url: server.url }, 1, { now: monotonicNs })
  expect((await send(pool, { signal: stop.signal })).result.end).toMatchObject({ reason: 'stopped', detail })
})
