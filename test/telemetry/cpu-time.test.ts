import { expect, test } from 'vitest'
import { cpuClock, isWindow, otherCores } from '../../lib/telemetry/cpu-time.ts'
import { fakeFiles } from './fake-system.ts'

const stat = [
  'cpu  999 999 999 999 999 999 999 999 0 0',
  'cpu0 100 10 20 5000 7 1 2 3 90 9',
  'cpu1 200 0 0 5000 0 0 0 0 0 0',
  'cpu10 400 0 0 5000 0 0 0 0 0 0',
  'intr 5 0 0',
].join('\n')

test('busy time is all but idling and waiting, of the CPUs that this process may use; guests count once', () => {
  const allowed = (list: string) => ({ '/proc/stat': stat, '/proc/self/status': `Cpus_allowed_list:\t${list}\n` })
  expect(cpuClock(fakeFiles(allowed('0')))()).toBeCloseTo(1.36, 9)
  expect(cpuClock(fakeFiles(allowed('0-1')))()).toBeCloseTo(3.36, 9)
  expect(cpuClock(fakeFiles(allowed('0,10')))()).toBeCloseTo(5.36, 9)
  expect(cpuClock(fakeFiles({ '/proc/stat': stat }))()).toBeCloseTo(7.36, 9)
})

test('under a quota busy time is what shares the quota', () => {
  const files = {
    '/proc/stat': stat,
    '/proc/self/cgroup': '0::/\n',
    '/sys/fs/cgroup/cpu.max': '200000 100000\n',
  }
  expect(cpuClock(fakeFiles({ ...files, '/sys/fs/cgroup/cpu.stat': 'usage_usec 2500000\nuser_usec 1\n' }))()).toBe(2.5)
  expect(cpuClock(fakeFiles(files))()).toBeUndefined()
})

test('a system that does not say leaves busy time unknown', () => {
  expect(cpuClock(fakeFiles({}))()).toBeUndefined()
})

test('other cores are what was busy beside the tree, per second', () => {
  const before = { atUs: 0, busySeconds: 10, treeSeconds: 4 }
  expect(otherCores(before, { atUs: 500_000, busySeconds: 11, treeSeconds: 4.75 })).toBe(0.5)
  expect(otherCores(before, { atUs: 500_000, busySeconds: 11, treeSeconds: 5.01 })).toBeCloseTo(-0.02, 9)
})

test('a count that runs backwards makes other cores unknown', () => {
  const before = { atUs: 0, busySeconds: 10, treeSeconds: 4 }
  expect(otherCores(before, { atUs: 500_000, busySeconds: 11, treeSeconds: 3 })).toBeUndefined()
  expect(otherCores(before, { atUs: 500_000, busySeconds: 9, treeSeconds: 5 })).toBeUndefined()
})

test('moments are compared once they are a fifth of a second apart', () => {
  const before = { atUs: 1000, busySeconds: 10, treeSeconds: 4 }
  expect([200_999, 201_000].map((atUs) => isWindow(before, atUs))).toEqual([false, true])
})
