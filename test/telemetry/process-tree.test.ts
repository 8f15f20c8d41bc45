import { expect, test } from 'vitest'
import { parseProcessStat } from '../../lib/telemetry/process-stat.ts'
import { processNumbers, processTable, ProcessTree } from '../../lib/telemetry/process-tree.ts'
import { fakeFiles, processes, statLine } from './fake-system.ts'

type Rows = Parameters<typeof processes>[0]
const all = (rows: Rows) => {
  const files = fakeFiles({ ...processes(rows), '/proc/uptime': '1 1' })
  return processTable(processNumbers(files), files)
}
const found = (tree: ProcessTree, rows: Rows) => tree.find(all(rows)).map(({ pid }) => pid)

test('a process is read past whatever its name holds', () => {
  expect(parseProcessStat(statLine(7, 3, [100, 20, 3, 4], { group: 5, session: 6, started: 99 }))).toEqual({
    pid: 7,
    parent: 3,
    group: 5,
    session: 6,
    ownTicks: 120,
    childTicks: 7,
    startedTicks: 99,
  })
  expect(parseProcessStat('')).toBeUndefined()
  expect(parseProcessStat('7 (cut off) S 3')).toBeUndefined()
})

test('a tree is the process and all that descends from it', () => {
  const rows = [
    { pid: 60, parent: 1 },
    { pid: 10, parent: 1 },
    { pid: 50, parent: 30 },
    { pid: 20, parent: 10 },
    { pid: 30, parent: 10 },
  ]
  expect(found(new ProcessTree(10), rows)).toEqual([10, 20, 30, 50])
})

test('who was given another parent belongs to it by session or by group, and with it its children', () => {
  const rows = [
    { pid: 10, parent: 1, session: 10 },
    { pid: 20, parent: 1, session: 10 },
    { pid: 25, parent: 20, session: 25 },
    { pid: 30, parent: 1, group: 10 },
    { pid: 40, parent: 1, session: 7 },
  ]
  expect(found(new ProcessTree(10), rows)).toEqual([10, 20, 30, 25])
  expect(found(new ProcessTree(10), rows.slice(1)), 'also when the first has ended').toEqual([20, 30, 25])
})

test('who has once belonged to it does so until it ends, and nobody who got its number', () => {
  const tree = new ProcessTree(10)
  found(tree, [
    { pid: 10, parent: 1 },
    { pid: 20, parent: 10, started: 5 },
    { pid: 30, parent: 10, started: 6 },
  ])
  const later = [
    { pid: 10, parent: 1 },
    { pid: 20, parent: 1, session: 20, started: 5 },
    { pid: 30, parent: 1, started: 9 },
  ]
  expect(found(tree, later)).toEqual([10, 20])
  expect(found(tree, later.slice(1)), 'also when the first has ended').toEqual([20])
})

test('a session that a member began belongs to it, also when that one has ended', () => {
  const tree = new ProcessTree(10)
  const first = { pid: 10, parent: 1 }
  found(tree, [first, { pid: 20, parent: 10, started: 5 }])
  const left = { pid: 25, parent: 1, group: 20, session: 20 }
  expect(found(tree, [first, left])).toEqual([10, 25])
  const other = { pid: 20, parent: 1, group: 20, started: 99 }
  expect(found(tree, [first, other, { pid: 26, parent: 1, group: 20 }]), 'not of who got its number').toEqual([10])
})

test('a process that is gone has no tree', () => {
  expect(found(new ProcessTree(10), [{ pid: 60, parent: 1 }])).toEqual([])
})
