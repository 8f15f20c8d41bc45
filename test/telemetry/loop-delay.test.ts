import { expect, test } from 'vitest'
import { LoopDelay } from '../../lib/telemetry/loop-delay.ts'

/** A loop whose timer comes at the times that a test says, after the first at `startMs`. */
function looping(startMs: number) {
  let nowMs = startMs
  let call: (() => void) | undefined
  let stopped = false
  const every = (_: number, given: () => void) => {
    call = given
    return { stop: () => void (stopped = true) }
  }
  const delay = new LoopDelay({ nowMs: () => nowMs, every })
  const at = (ms: number) => {
    nowMs = ms
    call?.()
  }
  return { at, end: () => ({ ...delay.end(), stopped }) }
}

test('a timer is not late for the grain of a timer, early or late', () => {
  const loop = looping(100.9)
  for (const ms of [110, 120.95, 130.0, 140.3]) loop.at(ms)
  expect(loop.end()).toEqual({ p50: 0, p99: 0, max: 0, stopped: true })
})

test('a timer is late by what is beyond its grain', () => {
  const loop = looping(100)
  loop.at(113.5)
  expect(loop.end().max).toBeCloseTo(2.5, 2)
})

test('what would have been due during a pause is counted as late as it would have been', () => {
  const loop = looping(0)
  loop.at(51) // the timer of 10 is late by 40, those of 20, 30 and 40 by 30, 20 and 10
  const { p50, max } = loop.end()
  expect(max).toBeCloseTo(40, 1)
  expect(p50).toBeCloseTo(20, 1)
})
