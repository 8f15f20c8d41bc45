import { expect, test, vi } from 'vitest'
import { watchGpuMemory } from '../../lib/telemetry/gpu-memory.ts'

const mebibyte = 1024 * 1024

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
    'GPU-a, 10, 100',
    'GPU-b, 10, 20',
    'GPU-a, 11, 3',
    'GPU-a, 99, 5000',
    'GPU-a, 10, 150',
  ])
  expect(memory.usedBytes([10, 11, 12])).toBe(173 * mebibyte)
  expect(argv()).toEqual([
    'nvidia-smi',
    '--query-compute-apps=gpu_uuid,pid,used_memory',
    '--format=csv,noheader,nounits',
    '--loop-ms=250',
  ])
})

test('a process that the driver never named, or of which it does not know, is unknown', async () => {
  const { memory } = await watching([
    'GPU-a, 10, [N/A]',
    'No devices were found',
    '',
    'GPU-a, [N/A], 7',
    'GPU-a, 12, -1',
  ])
  expect(memory.usedBytes([10, 11, 12])).toBeUndefined()
})

test('a process that the driver names no longer is forgotten after four rounds', async () => {
  const { memory, pass } = await watching(['GPU-a, 10, 100'])
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
