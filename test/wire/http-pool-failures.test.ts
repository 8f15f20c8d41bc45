import { expect, test } from 'vitest'
import { openHttpPool } from '../../lib/wire/http-pool.ts'
import { monotonicNs } from '../../lib/worker/monotonic.ts'
import { answer, answerAndEnd, chunk, chunkedHead, lastChunk, scriptedServer, type Visit } from './scripted-server.ts'
import { ask, never, send, visit } from './send.ts'

const throwing = () => {
  throw new Error('a bug')
}

const failures: [string, (one: Visit) => Promise<void>, string][] = [
  [
    'closes in mid-stream',
    answerAndEnd(chunkedHead + chunk('data: one\n\n')),
    'closed-early: the server closed the connection before the last chunk of the body',
  ],
  ['closes before its response', answerAndEnd(''), 'closed-early: the server closed the connection before a response'],
  [
    'closes within the head',
    answerAndEnd(chunkedHead.slice(0, 40)),
    "closed-early: the server closed the connection within the response's head",
  ],
  [
    'closes before the length it said',
    answerAndEnd('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1234'),
    'closed-early: the server closed the connection 6 bytes before the end of the body',
  ],
  [
    'resets',
    async (one) => {
      await one.request()
      await one.write(chunkedHead)
      one.socket.resetAndDestroy()
    },
    'connection-reset: read ECONNRESET',
  ],
  [
    'speaks another protocol',
    answer('SSH-2.0-OpenSSH\u001b[31m_9.6\r\n'),
    String.raw`malformed-response: no HTTP response: "SSH-2.0-OpenSSH\u001b[31m_9.6\r\n"`,
  ],
  ['says no size of a chunk', answer(`${chunkedHead}-1\r\n`), String.raw`malformed-response: no chunk size: "-1"`],
  [
    'sends no events as events',
    answer(`${chunkedHead}${chunk('<html>')}${lastChunk}`),
    'malformed-response: no server-sent events: "<html>"',
  ],
]
test.each(failures)('a server that %s fails its request', async (_, script, expected) => {
  const { result } = await visit(script)
  expect(result.end.status === 'failed' && `${result.end.reason}: ${result.end.detail}`).toBe(expected)
})

test('a server that is gone is unreachable, when a pool is opened and later', async () => {
  const server = await scriptedServer(answerAndEnd('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n'))
  await using pool = await openHttpPool({ url: server.url }, 1, { now: monotonicNs })
  await send(pool)
  await server[Symbol.asyncDispose]()
  const later = await send(pool)
  expect(later.result.end).toEqual({
    status: 'failed',
    reason: 'unreachable',
    detail: `no connection to ${server.url}: connect ECONNREFUSED ${server.url.slice(7)}`,
  })
  await expect(openHttpPool({ url: server.url }, 2, { now: monotonicNs })).rejects.toMatchObject({
    name: 'EngineFailure',
    reason: 'unreachable',
  })
})

test('an error of a listener is its own, and other streams go on', async () => {
  await using server = await scriptedServer(answer(chunkedHead + chunk('data: one\n\n') + lastChunk))
  await using pool = await openHttpPool({ url: server.url }, 2, { now: monotonicNs })
  const first = pool.stream(0, ask, { signal: never, onEvent: throwing })
  const second = pool.stream(1, ask, { signal: never, onEvent: () => {} })
  await expect(first).rejects.toThrow('a bug')
  expect((await second).end).toEqual({ status: 'complete' })
  const again = await pool.stream(0, ask, { signal: never, onEvent: () => {} })
  expect([again.end, again.connectNs > 0]).toEqual([{ status: 'complete' }, true])
})
