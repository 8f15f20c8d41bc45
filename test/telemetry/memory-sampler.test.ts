import { expect, test } from 'vitest'
import { memorySampler } from '../../lib/telemetry/memory-sampler.ts'
import type { FileView } from '../../lib/telemetry/system-view.ts'
import { fakeFiles, fakeRun, processes, rollup, status } from './fake-system.ts'

const second = 1e6

/** An engine of 1,000 kB on a machine whose files, and whose slowness, change between samples. */
function machine() {
  let nowUs = 0
  let rollupUs = 0
  let files = fakeFiles({})
  const show = (treeTicks: number, busyTicks: number) => {
    files = fakeFiles({
      ...processes([{ pid: 10, parent: 1, threads: [[]], ticks: treeTicks }]),
      '/proc/stat': `cpu0 ${busyTicks} 0 0 0 0 0 0 0 0 0\n`,
      '/proc/10/smaps_rollup': rollup(1000, 700),
      '/proc/10/status': status(990),
    })
  }
  show(0, 0)
  const view: FileView = {
    read: (path) => files.read(path),
    list: (path) => files.list(path),
    readLater: async (path) => {
      nowUs += rollupUs
      return files.read(path)
    },
  }
  const gone = () => (files = fakeFiles({}))
  return {
    show,
    gone,
    pass: (us: number) => (nowUs += us),
    slowRollup: (us: number) => (rollupUs = us),
    options: { pid: 10, nowUs: () => nowUs, system: { files: view, run: fakeRun(), platform: 'linux' as const } },
  }
}

test('a sample holds memory, and from the second on the cores that others kept busy', async () => {
  const { options, pass, show } = machine()
  const sample = memorySampler(options)
  expect(await sample()).toEqual({ atUs: 0, rssBytes: 1_024_000, pssBytes: 716_800 })
  pass(second)
  show(80, 110)
  expect(await sample()).toEqual({ atUs: second, rssBytes: 1_024_000, pssBytes: 716_800, otherCores: 0.3 })
})

test("of who asks a server no memory is read, only the others' cores", async () => {
  const { options, pass, show } = machine()
  const sample = memorySampler({ ...options, of: 'client' })
  expect(await sample('full')).toEqual({ atUs: 0 })
  pass(second)
  show(80, 110)
  expect(await sample()).toEqual({ atUs: second, otherCores: 0.3 })
})

test('samples close to one another wait for a window that can tell', async () => {
  const { options, pass, show } = machine()
  const sample = memorySampler(options)
  await sample()
  pass(second)
  show(100, 200)
  expect(await sample()).toHaveProperty('otherCores', 1)
  pass(0.1 * second)
  show(110, 260)
  expect(await sample()).not.toHaveProperty('otherCores')
  pass(0.1 * second)
  expect(await sample()).toHaveProperty('otherCores', 2.5)
})

test('shares that take the kernel long to add up are read rarely, unless asked for', async () => {
  const { options, pass, slowRollup } = machine()
  slowRollup(0.02 * second)
  const sample = memorySampler(options)
  expect(await sample()).toHaveProperty('pssBytes')
  pass(0.9 * second)
  expect(await sample()).toEqual({ atUs: 0.92 * second, rssBytes: 990 * 1024, otherCores: 0 })
  expect(await sample('full')).toHaveProperty('pssBytes')
  pass(second)
  expect(await sample()).toHaveProperty('pssBytes')
})

const gpuMemory = (bytes: number | undefined) => ({
  usedBytes: (pids: readonly number[]) => (pids.join() === '10' ? bytes : undefined),
  [Symbol.asyncDispose]: async () => {},
})

test('the GPU memory of the tree is added where it is known', async () => {
  const { options } = machine()
  expect(await memorySampler({ ...options, gpuMemory: gpuMemory(512) })()).toHaveProperty('vramBytes', 512)
  expect(await memorySampler({ ...options, gpuMemory: gpuMemory(undefined) })()).not.toHaveProperty('vramBytes')
})

test('of a process that is gone only the time is known', async () => {
  const { options, pass, gone } = machine()
  const sample = memorySampler(options)
  await sample()
  pass(second)
  gone()
  expect(await sample('full')).toEqual({ atUs: second })
})

test('on macOS the tree is what ps shows', async () => {
  const ps = '    1     0   900\n   10     1  4000\n   11    10   500\n   12    11    50\n   20     1  7000\n'
  const system = { files: fakeFiles({}), platform: 'darwin' as const }
  const sample = (pid: number) => memorySampler({ pid, nowUs: () => 5, system: { ...system, run: fakeRun({ ps }) } })()
  expect(await sample(10)).toEqual({ atUs: 5, rssBytes: 4550 * 1024 })
  expect(await sample(99)).toEqual({ atUs: 5 })
})

test('this very process is resident, and its share is no more than that', async () => {
  const sample = await memorySampler({ pid: process.pid, nowUs: () => 0 })('full')
  expect(sample.rssBytes).toBeGreaterThan(10e6)
  expect(sample.pssBytes ?? 0).toBeLessThanOrEqual((sample.rssBytes as number) * 1.01)
})
