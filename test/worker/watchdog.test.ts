import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchRequest } from '../../lib/worker/watchdog.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const now = () => performance.now() * 1e6

function watched(limits: { firstTokenMs: number; stallMs: number }) {
  const startedMs = performance.now()
  const expired: [string, number][] = []
  const watch = watchRequest(limits, now, ({ reason }) => expired.push([reason, performance.now() - startedMs]))
  return { ...watch, expired }
}

test('what stalls is ended after the stall limit, however long a first token might have taken', async () => {
  const { onContent, expired } = watched({ firstTokenMs: 60_000, stallMs: 500 })
  await vi.advanceTimersByTimeAsync(700)
  onContent(now())
  await vi.advanceTimersByTimeAsync(60_000)
  expect(expired).toEqual([['stall', 1200]])
})

test('a first token has its own limit', async () => {
  const { expired } = watched({ firstTokenMs: 60_000, stallMs: 500 })
  await vi.advanceTimersByTimeAsync(100_000)
  expect(expired).toEqual([['first-token-timeout', 60_000]])
})
