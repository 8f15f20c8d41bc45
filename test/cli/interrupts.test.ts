import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { onInterrupt } from '../../lib/cli/interrupts.ts'

test('a Ctrl-C that comes twice, by the terminal and by the launcher, is one', () => {
  const signals = new EventEmitter()
  const counts: number[] = []
  let nowMs = 0
  onInterrupt((count) => counts.push(count), { signals, now: () => nowMs })
  for (const atMs of [1000, 1040, 1500, 1590, 1700]) {
    nowMs = atMs
    signals.emit('SIGINT')
  }
  expect(counts).toEqual([1, 2, 3])
})
