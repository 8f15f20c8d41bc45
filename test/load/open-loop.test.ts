import { expect, test } from 'vitest'
import { openLoop } from '../../lib/load/open-loop.ts'
import { inVirtualTime } from './virtual-time.ts'

const everyMs = (gapMs: number, count: number) => Array.from({ length: count }, (_, index) => index * gapMs * 1e6)
const brief = ({ sentMs, scheduledMs, poolWaitMs, cutOff }: Awaited<ReturnType<typeof inVirtualTime>>[number]) =>
  `${scheduledMs} sent ${sentMs} waited ${poolWaitMs}${cutOff ? ' cut off' : ''}`

test('a request is sent at its moment, whether or not those before it have ended', async () => {
  const seen = await inVirtualTime(openLoop(everyMs(10, 4), 8), { answerMs: () => 1000 })
  expect(seen.map(brief)).toEqual([
    '0 sent 0 waited 0',
    '10 sent 10 waited 0',
    '20 sent 20 waited 0',
    '30 sent 30 waited 0',
  ])
  expect(new Set(seen.map(({ client }) => client)).size).toBe(4)
})

test('one that finds no client free waits in order, and its wait is kept apart', async () => {
  const seen = await inVirtualTime(openLoop(everyMs(10, 4), 1), { answerMs: () => 25 })
  expect(seen.map(brief)).toEqual([
    '0 sent 0 waited 0',
    '10 sent 25 waited 15',
    '20 sent 50 waited 30',
    '30 sent 75 waited 45',
  ])
  expect(seen.map(({ index }) => index)).toEqual([0, 1, 2, 3])
})

test('lateness of the client itself is no wait for a client', async () => {
  const seen = await inVirtualTime(openLoop(everyMs(10, 3), 2), { answerMs: () => 1, lateMs: 3 })
  expect(seen.map(brief)).toEqual(['0 sent 0 waited 0', '10 sent 13 waited 0', '20 sent 23 waited 0'])
})

test('when the time is over, what was due leaves a row and what was not never was', async () => {
  const seen = await inVirtualTime(openLoop(everyMs(10, 1000), 1), { answerMs: () => 500, abortAtMs: 35 })
  expect(seen.map(brief)).toEqual([
    '0 sent 0 waited 0',
    '10 sent 35 waited 25 cut off',
    '20 sent 35 waited 15 cut off',
    '30 sent 35 waited 5 cut off',
  ])
})

test('sends no more than it is asked for', async () => {
  const seen = await inVirtualTime(openLoop(everyMs(1, 100), 4), { requests: 7, answerMs: () => 2 })
  expect(seen).toHaveLength(7)
})

test('a burst beyond the clients goes out in order as they become free', async () => {
  const seen = await inVirtualTime(openLoop([0, 0, 0, 0, 0], 2), { answerMs: () => 10 })
  expect(seen.map(brief)).toEqual([
    '0 sent 0 waited 0',
    '0 sent 0 waited 0',
    '0 sent 10 waited 10',
    '0 sent 10 waited 10',
    '0 sent 20 waited 20',
  ])
})

test('the client that became free last is taken, so that connections do not idle', async () => {
  const seen = await inVirtualTime(openLoop(everyMs(10, 20), 5), { answerMs: () => 15 })
  expect(new Set(seen.map(({ client }) => client)).size).toBe(2)
})

test('over thousands of requests waits stay right', async () => {
  const seen = await inVirtualTime(openLoop(everyMs(1, 5000), 2), { answerMs: () => 2 })
  expect(seen.every(({ poolWaitMs, sentMs, scheduledMs }) => poolWaitMs === 0 && sentMs === scheduledMs)).toBe(true)
})
