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
      ...processes([{ pid: 10, parent: 1, ticks: treeTicks }]),
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
  const memory = { rssBytes: 1_024_000, anonBytes: 614_400, fileBytes: 409_600 }
  const shares = { pssBytes: 716_800, pssAnonBytes: 512_000, pssFileBytes: 204_800 }
  expect(await sample()).toEqual({ atUs: 0, ...memory, ...shares, cpuSeconds: 0, processes: 1 })
  pass(second)
  show(80, 110)
  const cores = { cpuSeconds: 0.8, processes: 1, otherCores: 0.3 }
  expect(await sample()).toEqual({ atUs: second, ...memory, ...shares, ...cores })
})

test("of who asks a server no memory is read, only the others' cores", async () => {
  const { options, pass, show } = machine()
  const sample = memorySampler({ ...options, engine: () => undefined })
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
  pass(7.9 * second)
  const resident = { rssBytes: 990 * 1024, anonBytes: 600 * 1024, fileBytes: 390 * 1024 }
  const cpu = { cpuSeconds: 0, processes: 1, otherCores: 0 }
  expect(await sample()).toEqual({ atUs: 7.92 * second, ...resident, ...cpu })
  expect(await sample('full')).toHaveProperty('pssBytes')
  pass(8 * second)
  expect(await sample()).toHaveProperty('pssBytes')
})

const gpus = () => ({ sample: (pids: readonly number[]) => (pids.join() === '10' ? { vramBytes: 512 } : {}) })

test('what the driver says of the tree and its cards is added', async () => {
  const { options } = machine()
  expect(await memorySampler({ ...options, gpus })()).toHaveProperty('vramBytes', 512)
  expect(await memorySampler({ ...options, gpus, engine: () => undefined })()).not.toHaveProperty('vramBytes')
})

test('of a process that is gone only the time is known', async () => {
  const { options, pass, gone } = machine()
  const sample = memorySampler(options)
  await sample()
  pass(second)
  gone()
  expect(await sample('full')).toEqual({ atUs: second })
})

test('on macOS the tree is what ps shows, with the group that its first process leads', async () => {
  const rows = [
    '    1     0     1   900   0:10.00',
    '   10     1    10  4000   1:02.50',
    '   11    10    10   500   0:00.25',
    '   12    11    12    50 1-02:03:04.00',
    '   13     1    10     8   0:01.00',
    '   20     1    20  7000  12:00.00',
  ]
  const system = { files: fakeFiles({}), platform: 'darwin' as const, run: fakeRun({ ps: `${rows.join('\n')}\n` }) }
  const sample = (pid: number) => memorySampler({ pid, nowUs: () => 5, system })()
  expect(await sample(10)).toEqual({ atUs: 5, rssBytes: 4558 * 1024, cpuSeconds: 93_847.75, processes: 4 })
  expect(await sample(99)).toEqual({ atUs: 5 })
})

const engineOf = (pid: number) => () => pid

test('a server with a process of its own is sampled instead of its client, and both are ours', async () => {
  const memory = { '/proc/20/smaps_rollup': rollup(50, 40), '/proc/21/smaps_rollup': rollup(7, 6) }
  const at = (client: number, server: number, busy: number) =>
    fakeFiles({
      ...processes([
        { pid: 10, parent: 1, ticks: client },
        { pid: 20, parent: 1, session: 20, ticks: server },
        { pid: 21, parent: 1, session: 20 },
      ]),
      ...memory,
      '/proc/stat': `cpu0 ${busy} 0 0 0 0 0 0 0 0 0\n`,
    })
  let [files, nowUs] = [at(0, 0, 0), 0]
  const view: FileView = {
    read: (path) => files.read(path),
    list: (path) => files.list(path),
    readLater: (path) => files.readLater(path),
  }
  const system = { files: view, run: fakeRun(), platform: 'linux' as const }
  const sample = memorySampler({ pid: 10, engine: engineOf(20), nowUs: () => nowUs, system })
  expect(await sample()).toMatchObject({ rssBytes: 57 * 1024, processes: 2, cpuSeconds: 0 })
  files = at(30, 60, 100)
  nowUs = second
  expect(await sample()).toMatchObject({ cpuSeconds: 0.6, otherCores: 0.1 })
})

test('this very process is resident, and its share is no more than that', async () => {
  const sample = await memorySampler({ pid: process.pid, nowUs: () => 0 })('full')
  expect(sample.rssBytes).toBeGreaterThan(10e6)
  expect(sample.pssBytes ?? 0).toBeLessThanOrEqual((sample.rssBytes as number) * 1.01)
})
