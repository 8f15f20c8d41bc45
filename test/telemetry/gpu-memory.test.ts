import { expect, test, vi } from 'vitest'
import { cardId } from './gpu-lines.ts'
import { watchGpuMemory } from '../../lib/telemetry/gpu-memory.ts'

const mebibyte = 1024 * 1024
const [a, b] = [cardId(1), cardId(2)]

/** A driver that prints these lines at once. */
async function watching(lines: readonly string[]) {
  let nowMs = 0
  const stop = vi.fn<() => Promise<void>>()
  let argv: readonly string[] = []
  const memory = watchGpuMemory({
    nowMs: () => nowMs,
    intervalMs: 250,
    start: (command) => {
      argv = command
      return {
        lines: (async function* () {
          yield* lines
        })(),
        stop,
      }
    },
  })
  await new Promise(setImmediate)
  return { memory, argv: () => argv, stop, pass: (ms: number) => (nowMs += ms) }
}

test('what a tree holds is the sum over its processes and all GPUs, the last value of each', async () => {
  const { memory, argv } = await watching([
    `10, 100, ${a}`,
    `10, 20, ${b}`,
    `11, 3, ${a}`,
    `99, 5000, ${a}`,
    `10, 150, ${a}`,
  ])
  expect(memory.usedBytes([10, 11, 12])).toBe(173 * mebibyte)
  expect(argv()).toEqual([
    'nvidia-smi',
    '--query-compute-apps=pid,used_memory,gpu_uuid',
    '--format=csv,noheader,nounits',
    '--loop-ms=250',
  ])
})

test('a process that the driver never named, or of which it does not know, is unknown', async () => {
  const { memory } = await watching([
    `10, [N/A], ${a}`,
    'No devices were found',
    '',
    `[N/A], 7, ${b}`,
    `12, -1, ${a}`,
    '11, 51',
    `11, 5, ${b.slice(0, 30)}`,
  ])
  expect(memory.usedBytes([10, 11, 12])).toBeUndefined()
  expect([...memory.cardsOf([10, 11, 12])], 'though the card may be').toEqual([a])
})

test('a process that the driver names no longer is forgotten after four rounds', async () => {
  const { memory, pass } = await watching([`10, 100, ${a}`])
  pass(1000)
  expect(memory.usedBytes([10])).toBe(100 * mebibyte)
  pass(1)
  expect(memory.usedBytes([10])).toBeUndefined()
})

test('disposing stops the program', async () => {
  const { memory, stop } = await watching([])
  await memory[Symbol.asyncDispose]()
  expect(stop).toHaveBeenCalledOnce()
})

test('where the program is missing nothing is known and nothing fails', async () => {
  await using memory = watchGpuMemory({ nowMs: () => 0, intervalMs: 250 })
  expect(memory.usedBytes([process.pid])).toBeUndefined()
})
