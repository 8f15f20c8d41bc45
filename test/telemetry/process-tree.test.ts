import { expect, test } from 'vitest'
import { parseProcessStat } from '../../lib/telemetry/process-stat.ts'
import { processTree } from '../../lib/telemetry/process-tree.ts'
import { fakeFiles, processes, statLine } from './fake-system.ts'

test('a process is read past whatever its name holds', () => {
  expect(parseProcessStat(statLine(7, 3, [100, 20, 3, 4]))).toEqual({ parent: 3, cpuTicks: 127 })
  expect(parseProcessStat('')).toBeUndefined()
  expect(parseProcessStat('7 (cut off) S 3')).toBeUndefined()
})

test('a tree is the process and all that its threads and their children started', () => {
  const files = fakeFiles(
    processes([
      { pid: 10, parent: 1, threads: [[20], [30, 40]] },
      { pid: 20, parent: 10, threads: [[]] },
      { pid: 30, parent: 10, threads: [[50]] },
      { pid: 40, parent: 10, threads: [[]] },
      { pid: 50, parent: 30, threads: [[]] },
      { pid: 60, parent: 1, threads: [[]] },
    ]),
  )
  expect(processTree(10, files)).toEqual([10, 20, 30, 40, 50])
})

test('without lists of children the tree is found by the parents', () => {
  const files = fakeFiles({
    ...processes([
      { pid: 10, parent: 1 },
      { pid: 20, parent: 10 },
      { pid: 50, parent: 20 },
      { pid: 60, parent: 1 },
    ]),
    '/proc/uptime': '1 1',
  })
  expect(processTree(10, files)).toEqual([10, 20, 50])
})

test('a process that is gone has no tree', () => {
  expect(processTree(10, fakeFiles({}))).toEqual([])
})
