import { once } from 'node:events'
import { expect, test } from 'vitest'
import { openHttpPool } from '../../lib/wire/http-pool.ts'
import { monotonicNs } from '../../lib/worker/monotonic.ts'
import { answer, chunk, chunkedHead, lastChunk, scriptedServer, type Visit } from './scripted-server.ts'
import { ask, never, send, visit } from './send.ts'

const body = `${chunk('data: one\n\n')}${chunk('data: two\n\n')}${lastChunk}`

test('all connections that can be read are stamped before the bytes of any are parsed', async () => {
  const waiting: Visit[] = []
  const { promise: allHere, resolve } = Promise.withResolvers<void>()
  await using server = await scriptedServer(async (one) => {
    await one.request()
    if (waiting.push(one) === 3) resolve()
  })
  const order: string[] = []
  const now = () => {
    order.push('stamp')
    return monotonicNs()
  }
  await using pool = await openHttpPool({ url: server.url }, 3, { now })
  const results = [0, 1, 2].map((client) =>
    pool.stream(client, ask, { signal: never, onEvent: () => order.push('event') }),
  )
  await allHere
  order.length = 0
  for (const { socket } of waiting) socket.write(chunkedHead + body)
  await Promise.all(results)
  expect(order.join(' ')).toBe('stamp stamp stamp event event event event event event')
})

test('a response that drips byte by byte is whole, each event with the read of its last byte', async () => {
  const bytes = Buffer.from(chunkedHead + body)
  const { result, events } = await visit(async (one) => {
    await one.request()
    for (const byte of bytes) {
      await one.write(Buffer.of(byte))
      await new Promise(setImmediate)
    }
  })
  expect(result.end).toEqual({ status: 'complete' })
  expect(events.map((event) => event.data)).toEqual(['one', 'two'])
  const [one, two] = events
  expect(one?.read).toBeLessThan(two?.read ?? 0)
  expect(one?.at).toBeLessThan(two?.at ?? 0)
  expect(two?.at).toBeLessThan(result.doneAt)
})

test('a server that is faster than the parser is read to its end, over one connection', async () => {
  const event = `data: ${'x'.repeat(1000)}\n\n`
  const many = chunk(event.repeat(100)).repeat(100)
  let total = 0
  await using server = await scriptedServer(async (one) => {
    for (;;) await answer(chunkedHead + many + lastChunk)(one)
  })
  await using pool = await openHttpPool({ url: server.url }, 1, { now: monotonicNs })
  for (let round = 1; round <= 2; round += 1) {
    const { end } = await pool.stream(0, ask, { signal: never, onEvent: (data) => (total += data.length) })
    expect([end, total]).toEqual([{ status: 'complete' }, round * 10_000 * 1000])
  }
  expect(server.connections()).toBe(1)
})

test('an event without an end is refused at 16 MiB, and its connection closed', async () => {
  const piece = 'x'.repeat(1024 * 1024)
  const { result } = await visit(async (one) => {
    await one.request()
    await one.write(`${chunkedHead}${chunk('data: ')}`)
    while (!one.socket.destroyed) await one.write(chunk(piece))
  })
  expect(result.end).toEqual({
    status: 'failed',
    reason: 'malformed-response',
    detail: 'an event longer than 16 MiB',
  })
})

test('what comes while nobody asked closes the connection, and reaches no later request', async () => {
  await using server = await scriptedServer(async (one) => {
    if (one.number === 0) {
      await answer(chunkedHead + body)(one)
      await one.write(chunkedHead + chunk('data: unasked\n\n') + lastChunk)
      await once(one.socket, 'close')
    } else await answer(chunkedHead + body)(one)
  })
  await using pool = await openHttpPool({ url: server.url }, 1, { now: monotonicNs })
  await send(pool)
  // The server learns of the close only after the client has seen the bytes.
  while (server.open() > 0) await new Promise(setImmediate)
  const { events } = await send(pool)
  expect([events.map((event) => event.data), server.connections()]).toEqual([['one', 'two'], 2])
})

test('a client sends one request at a time', async () => {
  await using server = await scriptedServer(answer(chunkedHead + body))
  await using pool = await openHttpPool({ url: server.url }, 1, { now: monotonicNs })
  const first = send(pool)
  await expect(send(pool)).rejects.toThrow('a client sends one request at a time')
  expect((await first).events).toHaveLength(2)
  await expect(pool.stream(1, ask, { signal: never, onEvent: () => {} })).rejects.toThrow('no client 1: the pool has 1')
})

test('a signal stops the opening of a connection as well', async () => {
  await using server = await scriptedServer(async (one) => {
    await one.request()
    await one.write('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n')
  })
  await using pool = await openHttpPool({ url: server.url }, 1, { now: monotonicNs })
  await send(pool)
  const stop = new AbortController()
  const again = send(pool, { signal: stop.signal })
  stop.abort()
  expect((await again).result.end).toMatchObject({ reason: 'stopped', detail: 'stopped while a connection was opened' })
})

test('a pool that is disposed of while it opens a connection anew leaves none behind', async () => {
  await using server = await scriptedServer(async (one) => {
    await one.request()
    await one.write('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n')
  })
  const pool = await openHttpPool({ url: server.url }, 1, { now: monotonicNs })
  await send(pool)
  const again = send(pool)
  await pool[Symbol.asyncDispose]()
  expect((await again).result.end).toMatchObject({ reason: 'stopped', detail: 'stopped while a connection was opened' })
  while (server.open() > 0) await new Promise(setImmediate)
})
