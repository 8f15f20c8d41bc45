import { expect, test } from 'vitest'
import { holdBack } from '../../lib/backend/hold-back.ts'

/** A clock that goes on by one with every look at it. */
function ticking(start: number): () => number {
  let at = start
  return () => at++
}

test('a token is held back by its share of the time that it took', () => {
  const now = ticking(2000)
  holdBack(1000, 0.05, now)
  // It came at 2000 after 1000; the look that ended the wait was the first at 2050.
  expect(now()).toBe(2051)
})

test('what took no time is not held back', () => {
  const now = ticking(2000)
  holdBack(2000, 0.5, now)
  expect(now()).toBe(2002)
})
