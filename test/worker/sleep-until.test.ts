import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { monotonicNs } from '../../lib/worker/monotonic.ts'
import { Alarm, timerSleep } from '../../lib/worker/sleep-until.ts'

let alarm: Alarm
beforeAll(() => void (alarm = new Alarm(monotonicNs)))
afterAll(() => alarm[Symbol.asyncDispose]())

const sleeps: [name: string, sleep: () => Alarm['sleepUntil']][] = [
  ['the alarm', () => alarm.sleepUntil],
  ['a timer', () => timerSleep(monotonicNs)],
]

describe.for(sleeps)('%s', ([, sleepOf]) => {
  const { signal } = new AbortController()

  test('never wakes before its moment', async () => {
    for (const ms of [0.05, 0.4, 3, 12]) {
      const at = monotonicNs() + ms * 1e6
      await sleepOf()(at, signal)
      expect(monotonicNs()).toBeGreaterThanOrEqual(at)
    }
  })

  test('comes back at once for a moment that has passed', async () => {
    await sleepOf()(monotonicNs() - 1e9, signal)
  })

  test('wakes each of several for its own moment, whichever was asked for last', async () => {
    const abort = new AbortController()
    const long = sleepOf()(monotonicNs() + 3600e9, abort.signal)
    const moments = [12, 3, 7].map((ms) => monotonicNs() + ms * 1e6)
    const last = sleepOf()(monotonicNs() + 3600e9, abort.signal)
    const woken = moments.map(async (at) => {
      await sleepOf()(at, signal)
      return monotonicNs() - at
    })
    const after = sleepOf()(monotonicNs() + 3600e9, abort.signal)
    for (const byNs of await Promise.all(woken)) expect(byNs).toBeGreaterThanOrEqual(0)
    abort.abort()
    await Promise.all([long, last, after])
  })

  test('wakes for a signal, however far the moment, and sleeps again after it', async () => {
    const abort = new AbortController()
    const long = sleepOf()(monotonicNs() + 3600e9, abort.signal)
    abort.abort()
    await long
    await sleepOf()(monotonicNs() + 3600e9, abort.signal)
    const at = monotonicNs() + 2e6
    await sleepOf()(at, signal)
    expect(monotonicNs()).toBeGreaterThanOrEqual(at)
  })
})
