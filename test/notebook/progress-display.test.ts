import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { MimeBundle } from '../../lib/notebook/kernel.ts'
import { ProgressDisplay } from '../../lib/notebook/progress-display.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function watched() {
  const shown: MimeBundle[] = []
  const progress = new ProgressDisplay((bundle) => {
    shown.push(bundle)
    return { update: (other) => void shown.push(other) }
  })
  return { shown, progress }
}

test('a burst of events is one update, and the last of them is in it', () => {
  const { shown, progress } = watched()
  for (let done = 0; done < 1000; done += 1) progress.take({ kind: 'started', planId: 'abc', trials: 1000, done })
  expect(shown).toHaveLength(1)
  vi.advanceTimersByTime(100)
  expect(shown).toHaveLength(2)
  expect(shown[1]?.['text/plain']).toMatch(/^999 of 1000 trials\n/)
})

test('a run that speaks without a pause is shown ten times a second', () => {
  const { shown, progress } = watched()
  for (let ms = 0; ms < 1000; ms += 1) {
    progress.take({ kind: 'collecting', launchId: ms })
    vi.advanceTimersByTime(1)
  }
  expect(shown.length).toBeLessThanOrEqual(11)
  expect(shown.length).toBeGreaterThan(9)
})

test('the last word stays, and nothing comes after it', () => {
  const { shown, progress } = watched()
  progress.take({ kind: 'started', planId: 'abc', trials: 4, done: 3 })
  progress.end('complete <b>')
  vi.advanceTimersByTime(10_000)
  expect(shown.at(-1)).toEqual({
    'text/html': '<progress max="4" value="3"></progress> 3 of 4 trials<br><small>complete &lt;b&gt;</small>',
    'text/plain': '3 of 4 trials\ncomplete <b>',
  })
})

test('what is told of a step is how far the run is', () => {
  const { progress } = watched()
  expect(progress.take({ kind: 'started', planId: 'abc', trials: 4, done: 1 })).toEqual({
    done: 1,
    trials: 4,
    leftMs: undefined,
    line: 'plan abc: 3 of 4 trials to measure',
  })
  expect(progress.take({ kind: 'collecting', launchId: 7 })).toMatchObject({ done: 1, trials: 4 })
})
