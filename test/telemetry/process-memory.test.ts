import { expect, test } from 'vitest'
import { memoryOf } from '../../lib/telemetry/process-memory.ts'
import { fakeFiles, rollup, status } from './fake-system.ts'

test('resident and shared memory are summed over the processes', async () => {
  const files = fakeFiles({ '/proc/1/smaps_rollup': rollup(1000, 700), '/proc/2/smaps_rollup': rollup(50, 9) })
  expect(await memoryOf([1, 2], files, 'rollup')).toMatchObject({ rssBytes: 1050 * 1024, pssBytes: 709 * 1024 })
})

test('the quick reading takes resident memory alone', async () => {
  const files = fakeFiles({ '/proc/1/smaps_rollup': rollup(1000, 700), '/proc/1/status': status(990) })
  expect(await memoryOf([1], files, 'status')).toMatchObject({ rssBytes: 990 * 1024 })
})

test('where one process hides its shares, there is no sum of shares', async () => {
  const files = fakeFiles({ '/proc/1/smaps_rollup': rollup(1000, 700), '/proc/2/status': status(50) })
  expect(await memoryOf([1, 2], files, 'rollup')).toMatchObject({ rssBytes: 1050 * 1024 })
})

test('a process that vanished between two readings, or ended and was not waited for, counts nothing', async () => {
  const files = fakeFiles({ '/proc/1/smaps_rollup': rollup(1000, 700), '/proc/3/status': 'Name:\tzombie\n' })
  expect(await memoryOf([1, 2, 3], files, 'rollup')).toMatchObject({ rssBytes: 1000 * 1024, pssBytes: 700 * 1024 })
})

test('of no living process nothing is known', async () => {
  expect(await memoryOf([1, 2], fakeFiles({}), 'rollup')).toEqual({})
  expect(await memoryOf([], fakeFiles({}), 'rollup')).toEqual({})
})

const parts = (anonKb: number, fileKb: number) => ({ anonBytes: anonKb * 1024, fileBytes: fileKb * 1024 })

test('pages that no file is behind stand apart from those of files and shared memory', async () => {
  const files = fakeFiles({ '/proc/1/smaps_rollup': rollup(1000, 700), '/proc/1/status': status(990) })
  expect(await memoryOf([1], files, 'status')).toEqual({ rssBytes: 990 * 1024, ...parts(600, 390) })
  expect(await memoryOf([1], files, 'rollup')).toEqual({
    rssBytes: 1000 * 1024,
    ...parts(600, 400),
    pssBytes: 700 * 1024,
    pssAnonBytes: 500 * 1024,
    pssFileBytes: 200 * 1024,
  })
})

test('a kernel that does not tell the kinds of pages apart leaves them out', async () => {
  const files = fakeFiles({ '/proc/1/status': 'VmRSS:\t 5 kB\n' })
  expect(await memoryOf([1], files, 'status')).toEqual({ rssBytes: 5 * 1024 })
})
