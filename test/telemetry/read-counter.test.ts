import { expect, test } from 'vitest'
import { ReadCounter } from '../../lib/telemetry/read-counter.ts'

test('where no read is told, each event came in its own', () => {
  const counter = new ReadCounter()
  counter.add({ deltasUs: [1, 2, 3] })
  expect([counter.events, counter.reads, counter.spread()]).toEqual([3, 3, { p50: 1, p99: 1, max: 1 }])
})

test('events of one read are one read', () => {
  const counter = new ReadCounter()
  counter.add({ deltasUs: [1, 0, 1, 1, 0, 0], reads: [0, 0, 2, 5, 5, 5] })
  expect([counter.events, counter.reads, counter.spread()]).toEqual([6, 3, { p50: 2, p99: 3, max: 3 }])
})

test('the percentiles are over reads: one large read in a thousand is their maximum alone', () => {
  const counter = new ReadCounter()
  counter.add({ deltasUs: Array(999).fill(1) })
  counter.add({ deltasUs: Array(50).fill(1), reads: Array(50).fill(0) })
  expect([counter.reads, counter.spread()]).toEqual([1000, { p50: 1, p99: 1, max: 50 }])
})

test('without events there is nothing', () => {
  const counter = new ReadCounter()
  counter.add({ deltasUs: [], reads: [] })
  expect([counter.events, counter.reads, counter.spread()]).toEqual([0, 0, { p50: 0, p99: 0, max: 0 }])
})
