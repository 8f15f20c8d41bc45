import { once } from 'node:events'
import { expect, test } from 'vitest'
import { openHttpPool } from '../../lib/wire/http-pool.ts'
import { monotonicNs } from '../../lib/worker/monotonic.ts'
import { answer, answerAndEnd, chunk, chunkedHead, lastChunk, scriptedServer } from './scripted-server.ts'
import { ask, never, type Seen, send, visit } from './send.ts'

const body = `${chunk('data: one\n\n')}${chunk('data: two\n\n')}${lastChunk}`

test('each event has the stamp and the number of the read that completed it', async () => {
  const { promise: firstSeen, resolve } = Promise.withResolvers<void>()
  const events: Seen['events'] = []
  const { result } = await visit(
    async (one) => {
      await one.request()
      await one.write(chunkedHead + chunk('data: one\n\n'))
      await firstSeen
      await one.write(chunk('data: two\n\ndata: three\n\n') + lastChunk)
    },
    {
      onEvent: (data, at, read) => {
        events.push({ data, at, read })
        resolve()
      },
    },
  )
  expect(events.map(({ data, read }) => [data, read])).toEqual([
    ['one', 0],
    ['two', 1],
    ['three', 1],
  ])
  expect(result).toMatchObject({ status: 200, end: { status: 'complete' }, connectNs: 0, body: '' })
  expect(result.headers['content-type']).toBe('text/event-stream; charset=utf-8')
  const [one, two, three] = events.map((event) => event.at) as [number, number, number]
  expect(result.sentAt).toBeLessThan(one)
  expect(one).toBeLessThan(two)
  expect(three).toBe(two)
  expect(result.doneAt).toBe(three)
})

test('a request is whole HTTP/1.1, under the base path', async () => {
  let request = ''
  await using server = await scriptedServer(async (one) => {
    request = await one.request()
    await one.write(chunkedHead + body)
  })
  await using pool = await openHttpPool({ url: `${server.url}/v1/` }, 1, { now: monotonicNs })
  await send(pool)
  expect(request.replace(/127\.0\.0\.1:\d+/, 'HOST')).toMatchInlineSnapshot(`
    "POST /v1/chat/completions HTTP/1.1
    content-type: application/json
    host: HOST
    content-length: 8
    connection: keep-alive

    {"ä":1}"
  `)
})

test('a pool opens its connections beforehand and uses each again', async () => {
  await using server = await scriptedServer(async (one) => {
    for (;;) await answer(chunkedHead + body)(one)
  })
  await using pool = await openHttpPool({ url: server.url }, 3, { now: monotonicNs })
  for (const client of [0, 1, 2, 0, 0]) {
    const result = await pool.stream(client, ask, { signal: never, onEvent: () => {} })
    expect(result).toMatchObject({ end: { status: 'complete' }, connectNs: 0 })
  }
  expect(server.connections()).toBe(3)
})

test('a connection that the server closed is opened anew before anything is sent', async () => {
  const closes = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: end\n\n'
  await using server = await scriptedServer(answerAndEnd(closes))
  await using pool = await openHttpPool({ url: server.url }, 1, { now: monotonicNs })
  const first = await send(pool)
  const second = await send(pool)
  expect([first.result.connectNs, first.result.end.status]).toEqual([0, 'complete'])
  expect(second.result.connectNs).toBeGreaterThan(0)
  expect(second.events.map((event) => event.data)).toEqual(['end'])
  expect(second.result.sentAt - first.result.doneAt).toBeGreaterThanOrEqual(second.result.connectNs)
  expect(server.connections()).toBe(2)
})

test('bytes that nobody asked for close their connection', async () => {
  await using server = await scriptedServer(answer(`${chunkedHead}${body}HTTP/1.1 200 OK\r\n`))
  await using pool = await openHttpPool({ url: server.url }, 1, { now: monotonicNs })
  expect((await send(pool)).result.end).toEqual({ status: 'complete' })
  const second = await send(pool)
  expect(second.result.end).toEqual({ status: 'complete' })
  expect(server.connections()).toBe(2)
})

test('what is no event stream is kept as a body, to its first 64 KiB', async () => {
  const text = `{"error":"${'x'.repeat(100_000)}"}`
  const { result, events } = await visit(
    answer(`HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3\r\nContent-Length: ${text.length}\r\n\r\n${text}`),
  )
  expect(result).toMatchObject({ status: 429, headers: { 'retry-after': '3' }, end: { status: 'complete' } })
  expect(result.body).toBe(text.slice(0, 65_536))
  expect(events).toEqual([])
})

test('an interim response is passed over', async () => {
  const { result, events } = await visit(answer(`HTTP/1.1 100 Continue\r\n\r\n${chunkedHead}${body}`))
  expect([result.status, events.length]).toEqual([200, 2])
})

test('a stopped request closes its connection, and the next opens another', async () => {
  let closed = 0
  await using server = await scriptedServer(async (one) => {
    one.socket.once('close', () => (closed += 1))
    await one.request()
    await one.write(one.number === 0 ? chunkedHead + chunk('data: one\n\n') : chunkedHead + body)
    if (one.number === 0) await once(one.socket, 'close')
  })
  await using pool = await openHttpPool({ url: server.url }, 1, { now: monotonicNs })
  const stop = new AbortController()
  const stopped = await send(pool, { signal: stop.signal, onEvent: () => stop.abort() })
  expect(stopped.result.end).toEqual({
    status: 'failed',
    reason: 'stopped',
    detail: expect.stringMatching(/^\d+ bytes of a response had come: "HTTP/),
  })
  const next = await send(pool)
  expect(next.events.map((event) => event.data)).toEqual(['one', 'two'])
  expect([closed, server.connections()]).toEqual([1, 2])
})

test('a signal that was given already sends nothing', async () => {
  let requests = 0
  await using server = await scriptedServer(async (one) => {
    await one.request()
    requests += 1
  })
  await using pool = await openHttpPool({ url: server.url }, 1, { now: monotonicNs })
  expect((await send(pool, { signal: AbortSignal.abort() })).result.end).toMatchObject({ reason: 'stopped' })
  expect(requests).toBe(0)
})

test('a pool that is disposed of ends what is under way', async () => {
  const pool = await (async () => {
    const server = await scriptedServer(answer(chunkedHead))
    return { server, pool: await openHttpPool({ url: server.url }, 1, { now: monotonicNs }) }
  })()
  const pending = send(pool.pool)
  await pool.pool[Symbol.asyncDispose]()
  expect((await pending).result.end).toMatchObject({ reason: 'stopped' })
  await pool.server[Symbol.asyncDispose]()
})

test('a header that HTTP cannot carry is refused, its value not told', async () => {
  await using server = await scriptedServer(answer(chunkedHead + body))
  await using pool = await openHttpPool({ url: server.url }, 1, { now: monotonicNs })
  const headers = { authorization: 'Bearer secret\r\nx: y' }
  await expect(pool.stream(0, { ...ask, headers }, { signal: never, onEvent: () => {} })).rejects.toMatchObject({
    reason: 'refused',
    message: 'the header "authorization" has characters that HTTP cannot carry',
  })
})

test('a server is reached over IPv6', async () => {
  await using server = await scriptedServer(answer(chunkedHead + body), { host: '::1' })
  await using pool = await openHttpPool({ url: server.url }, 1, { now: monotonicNs })
  expect((await send(pool)).events).toHaveLength(2)
})
