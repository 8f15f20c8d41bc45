import { expect, test } from 'vitest'
import { closedLoop } from '../../lib/load/closed-loop.ts'
import { wholeLoad } from '../../lib/load/share.ts'
import { inVirtualTime } from './virtual-time.ts'

test('each client sends its next request when its last one has ended', async () => {
  const ended: (() => void)[] = []
  const sent: string[] = []
  const driven = closedLoop(2).drive(4, {
    now: () => sent.length,
    sleepUntil: async () => {},
    signal: new AbortController().signal,
    send: ({ index, client, scheduled }) => {
      sent.push(`request ${index} by client ${client} at ${scheduled}`)
      return new Promise((resolve) => ended.push(resolve))
    },
  })
  expect(sent).toEqual(['request 0 by client 0 at 0', 'request 1 by client 1 at 1'])
  ended[1]?.()
  await expect.poll(() => sent).toHaveLength(3)
  expect(sent[2]).toBe('request 2 by client 1 at 2')
  ended[2]?.()
  await expect.poll(() => sent).toHaveLength(4)
  expect(sent[3]).toBe('request 3 by client 1 at 3')
  ended[0]?.()
  ended[3]?.()
  await driven
  expect(sent).toHaveLength(4)
})

test('after an abort nothing more is sent', async () => {
  const abort = new AbortController()
  let sent = 0
  await closedLoop(1).drive(10, {
    now: () => 0,
    sleepUntil: async () => {},
    signal: abort.signal,
    send: async () => {
      sent += 1
      if (sent === 3) abort.abort()
    },
  })
  expect(sent).toBe(3)
})

test('without a number of requests its clients send until the signal, each one after the other', async () => {
  const abort = new AbortController()
  let virtualMs = 0
  const sent: [client: number, atMs: number][] = []
  const ends: { atMs: number; end: () => void }[] = []
  const driven = closedLoop(2).drive(Number.POSITIVE_INFINITY, {
    now: () => virtualMs,
    sleepUntil: async () => {},
    signal: abort.signal,
    send: ({ client, scheduled }) => {
      sent.push([client, scheduled])
      return new Promise((end) => ends.push({ atMs: virtualMs + (client === 0 ? 30 : 50), end }))
    },
  })
  while (ends.length > 0) {
    ends.sort((a, b) => a.atMs - b.atMs)
    const next = ends.shift()
    virtualMs = next?.atMs ?? 0
    if (virtualMs >= 100) abort.abort()
    next?.end()
    await new Promise(setImmediate)
  }
  await driven
  expect(sent).toEqual([
    [0, 0],
    [1, 0],
    [0, 30],
    [1, 50],
    [0, 60],
    [0, 90],
  ])
})

const spread = (ms: number) => ({ spread: ms * 1e6, share: wholeLoad })

test('clients begin evenly over the spread, and keep their phases', async () => {
  const seen = await inVirtualTime(closedLoop(4, spread(20)), { requests: 8, answerMs: () => 20 })
  expect(seen.map(({ client, scheduledMs, sentMs }) => [client, scheduledMs, sentMs])).toEqual([
    [0, 0, 0],
    [1, 5, 5],
    [2, 10, 10],
    [3, 15, 15],
    [0, 20, 20],
    [1, 25, 25],
    [2, 30, 30],
    [3, 35, 35],
  ])
})

test('every client has a request, even where the first ones could do all before the last begins', async () => {
  const seen = await inVirtualTime(closedLoop(3, spread(90)), { requests: 5, answerMs: () => 10 })
  expect(seen.map(({ client }) => client)).toEqual([0, 0, 0, 1, 2])
})

test('clients that have not begun when the time is over send nothing', async () => {
  const seen = await inVirtualTime(closedLoop(4, spread(40)), { answerMs: () => 100, abortAtMs: 15 })
  expect(seen.map(({ client }) => client)).toEqual([0, 1])
})

async function begins(part: number) {
  const shape = closedLoop(2, { spread: 20e6, share: { part, parts: 2 } })
  return (await inVirtualTime(shape, { requests: 2, answerMs: () => 20 })).map(({ sentMs }) => sentMs)
}

test('two processes take every other client and moment', async () => {
  expect([await begins(0), await begins(1)]).toEqual([
    [0, 10],
    [5, 15],
  ])
})
