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
