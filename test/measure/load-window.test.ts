import { expect, test } from 'vitest'
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

test('an open load counts from its first arrival to its last, whichever client had it and however late it was sent', () => {
  const late = completion({ client: 1, scheduledUs: 2000, sentUs: 9000, doneUs: 100 })
  expect(loadWindow([...requests, late], { ...open, requests: 5 })).toEqual({ startUs: 0, stopUs: 2000 })
})

test('an open load with a duration counts until that ends', () => {
  expect(loadWindow(requests, { ...open, durationMs: 10 })).toEqual({ startUs: 0, stopUs: 10_000 })
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
