import { expect, test } from 'vitest'
import { interruptible } from '../../lib/notebook/interruptible.ts'

const aborted = (signal: AbortSignal) =>
  new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('stopped')))

test('an interrupt aborts the work, whose end is waited for, and leaves no listener', async () => {
  const before = process.listenerCount('SIGINT')
  const ended = interruptible(async (signal) => {
    const stopped = aborted(signal)
    process.emit('SIGINT')
    return stopped
  })
  expect(process.listenerCount('SIGINT'), 'in the cell itself').toBe(before)
  expect(await ended).toBe('stopped')
  expect(process.listenerCount('SIGINT')).toBe(before)
})

test('work that fails leaves no listener either', async () => {
  const before = process.listenerCount('SIGINT')
  await expect(interruptible(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(process.listenerCount('SIGINT')).toBe(before)
})

test("a caller's own signal aborts it as well", async () => {
  const outer = new AbortController()
  const ended = interruptible((signal) => aborted(signal), outer.signal)
  setImmediate(() => setImmediate(() => outer.abort()))
  expect(await ended).toBe('stopped')
})
