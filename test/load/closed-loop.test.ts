import { expect, test } from 'vitest'
import { closedLoop } from '../../lib/load/closed-loop.ts'

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
