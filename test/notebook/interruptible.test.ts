import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Interrupted, interruptible } from '../../lib/notebook/interruptible.ts'

const kernel = vi.fn()
beforeEach(() => void process.on('SIGINT', kernel.mockReset()))
afterEach(() => void process.off('SIGINT', kernel))

const aborted = (signal: AbortSignal) =>
  new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('stopped')))

test('an interrupt aborts the work, whose end is waited for, instead of the cell; the next one is the kernel’s again', async () => {
  const before = process.listeners('SIGINT')
  const ends = vi.fn()
  const ended = interruptible(async (signal) => {
    const stopped = aborted(signal)
    process.emit('SIGINT')
    await stopped
    expect(kernel).not.toHaveBeenCalled()
    process.emit('SIGINT')
    expect(kernel).toHaveBeenCalledOnce()
    ends()
  })
  expect(process.listeners('SIGINT'), 'in the cell itself').toEqual(before)
  await expect(ended).rejects.toThrow(Interrupted)
  expect(ends).toHaveBeenCalledOnce()
  expect(process.listeners('SIGINT')).toEqual(before)
})

test('work that ends or fails gives the interrupt back', async () => {
  const before = process.listeners('SIGINT')
  expect(await interruptible(() => Promise.resolve(1))).toBe(1)
  await expect(interruptible(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(process.listeners('SIGINT')).toEqual(before)
})

test('one interrupt aborts all that is under way', async () => {
  const before = process.listeners('SIGINT')
  const all = [interruptible(aborted), interruptible(aborted)]
  setImmediate(() => setImmediate(() => process.emit('SIGINT')))
  expect(await Promise.allSettled(all)).toMatchObject([{ reason: new Interrupted() }, { reason: new Interrupted() }])
  expect(kernel).not.toHaveBeenCalled()
  expect(process.listeners('SIGINT')).toEqual(before)
})

test("a caller's own signal aborts it as well, which then ends as it does", async () => {
  const outer = new AbortController()
  const ended = interruptible((signal) => aborted(signal), outer.signal)
  setImmediate(() => setImmediate(() => outer.abort()))
  expect(await ended).toBe('stopped')
})
