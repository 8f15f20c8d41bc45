import { expect, test } from 'vitest'
import { randomSequence } from '../../lib/domain/seeded.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { deriveTrial } from '../../lib/measure/derive-trial.ts'
import { loadWindow } from '../../lib/measure/load-window.ts'
import { completion } from './requests.ts'

const closed = { kind: 'closed', clients: 2, requests: 4 } as const
const open = { kind: 'poisson', ratePerSecond: 2, clients: 8, seed: 1 } as const
const sent = (client: number, sentUs: number, doneUs: number) =>
  completion({ client, scheduledUs: sentUs, sentUs, doneUs })
/** Client 1 begins half a request later, as spread phases have it, and is the first without work. */
const requests = [sent(0, 0, 1000), sent(1, 500, 1000), sent(0, 1000, 1000), sent(1, 1500, 300)]

test('a closed load counts from when the last client has begun until the first has nothing more to send', () => {
  expect(loadWindow(requests, closed)).toEqual({ startUs: 500, stopUs: 1800 })
})

test('a closed load with a duration counts until that ends, which began with the first client', () => {
  expect(loadWindow(requests, { kind: 'closed', clients: 2, durationMs: 3 })).toEqual({ startUs: 500, stopUs: 3000 })
})

test('one client is at work from its first request on', () => {
  expect(loadWindow([sent(0, 100, 1000)], { ...closed, clients: 1 })).toEqual({ startUs: 100, stopUs: 1100 })
})

/** Of an open load: due so long after the first, and answered so much later. */
const due = (atMs: number, tookMs: number, change: Partial<RequestTimeline> = {}) =>
  completion({ scheduledUs: atMs * 1000, sentUs: atMs * 1000, doneUs: tookMs * 1000, ...change })
const every = (gapMs: number, n: number, tookMs: (i: number) => number) =>
  Array.from({ length: n }, (_, i) => due(i * gapMs, tookMs(i)))
const cutOff = { status: 'failed', reason: 'cut-off', detail: '' } as const
const stall = { status: 'failed', reason: 'stall', detail: '' } as const

test('an open load counts from when its first arrivals are answered to its last arrival, however late that was sent', () => {
  const late = completion({ scheduledUs: 1_000_000, sentUs: 9_000_000, doneUs: 100 })
  expect(loadWindow([...every(100, 10, () => 250), late], { ...open, requests: 11 })).toEqual({
    startUs: 200_000,
    stopUs: 1_000_000,
  })
})

test('an open load with a duration counts until that ends', () => {
  expect(
    loadWindow(
      every(100, 10, () => 250),
      { ...open, durationMs: 2000 },
    ),
  ).toEqual({ startUs: 200_000, stopUs: 2_000_000 })
})

test('of ten first answers one may be stuck, a queue later on is no part of them, nor is what failed at once', () => {
  const overloaded = every(100, 40, (i) => 300 + 10 * i * i)
  expect(loadWindow(overloaded.toReversed(), { ...open, requests: 40 })?.startUs).toBe(900_000)
  const stuck = overloaded.with(3, due(300, 9000))
  expect(loadWindow(stuck, { ...open, requests: 40 })?.startUs).toBe(1_100_000)
  const quick = overloaded.with(0, due(0, 1, { outcome: stall }))
  expect(loadWindow(quick, { ...open, requests: 40 })?.startUs, 'the second to the eleventh').toBe(1_100_000)
})

const long = (tookMs: number) => every(100, 10, () => tookMs)
test('a window that is shorter than the first answers is none', () => {
  expect(loadWindow(long(500), { ...open, requests: 11 })).toBeUndefined()
  expect(loadWindow(long(400), { ...open, requests: 10 })).toEqual({ startUs: 400_000, stopUs: 900_000 })
  const none = long(2000).map((request) => ({ ...request, outcome: cutOff, doneUs: 1_000_000 - request.sentUs }))
  expect(loadWindow(none, { ...open, durationMs: 1000 }), 'nothing was answered before the end').toBeUndefined()
})

test('what arrives evenly ends as often as it arrives, however long it takes and however few there are', () => {
  for (const tookMs of [1, 99, 100, 101, 250, 400]) {
    const { request_rate } = deriveTrial({
      requests: every(100, 10, () => tookMs),
      memory: [],
      load: { ...open, requests: 10 },
    })
    expect(request_rate?.value, `${tookMs} ms`).toBeCloseTo(10, 6)
  }
})

test('bursts count from one to another, so that as many are answered as arrive', () => {
  const bursts = [0, 1000, 2000, 3000].flatMap((atMs) => [due(atMs, 300), due(atMs, 400)])
  const load = { kind: 'burst', size: 2, everyMs: 1000, clients: 8, seed: 1, requests: 8 } as const
  expect(loadWindow(bursts, load)).toEqual({ startUs: 0, stopUs: 3_000_000 })
  const slow = bursts.map((request) => ({ ...request, doneUs: 1_200_000 }))
  expect(loadWindow(slow, load)).toEqual({ startUs: 1_000_000, stopUs: 3_000_000 })
})

test('rates of an open load are what arrives as long as the server keeps up, else what it does, and keep to the law of Little', () => {
  const random = randomSequence(3)
  const at = { us: 0 }
  const arrivals = Array.from({ length: 1000 }, () => (at.us += -Math.log(1 - random()) * 20_000)) // 50/s for about 20 s
  const free = arrivals.map((scheduledUs) => {
    const doneUs = Math.round(2_000_000 * (0.8 + 0.4 * random()))
    return completion({ scheduledUs, sentUs: scheduledUs, doneUs, events: { deltasUs: [doneUs] } })
  })
  const kept = deriveTrial({
    requests: free,
    memory: [],
    load: { ...open, requests: 1000 },
    objectives: { e2e_ms: 9e9 },
  })
  const arrived = 1000 / (at.us / 1e6)
  const inStep = kept.request_rate?.value as number
  expect(Math.abs(inStep / arrived - 1)).toBeLessThan(0.03)
  expect(kept.goodput?.value).toBe(inStep)
  const law = (kept.concurrency?.value as number) / (inStep * 2)
  expect(Math.abs(law - 1)).toBeLessThan(0.05)
  // One at a time takes 40 ms: half of what arrives.
  const queue = { freeUs: 0 }
  const queued = arrivals.map((scheduledUs) => {
    queue.freeUs = Math.max(queue.freeUs, scheduledUs) + 40_000
    return completion({ scheduledUs, sentUs: scheduledUs, doneUs: queue.freeUs - scheduledUs })
  })
  const behind = deriveTrial({ requests: queued, memory: [], load: { ...open, requests: 1000 } })
  expect(Math.abs((behind.request_rate?.value as number) / 25 - 1)).toBeLessThan(0.01)
})

test('a single burst counts until its last answer has ended', () => {
  const burst = [sent(0, 0, 400), sent(1, 0, 700)]
  expect(loadWindow(burst, { kind: 'burst', size: 2, everyMs: 1000, clients: 8, seed: 1, requests: 2 })).toEqual({
    startUs: 0,
    stopUs: 700,
  })
})

test('where all clients were never at work together there is no window', () => {
  expect(loadWindow([sent(0, 0, 1000), sent(1, 1500, 1000)], closed)).toBeUndefined()
  expect(loadWindow([], closed)).toBeUndefined()
})
