import { expect, test } from 'vitest'
import { cpuQuota, usableCores } from '../../lib/telemetry/cpu-quota.ts'
import { fakeFiles } from './fake-system.ts'

test('of all groups around this process the tightest quota holds', () => {
  const files = fakeFiles({
    '/proc/self/cgroup': '0::/a/b\n',
    '/sys/fs/cgroup/cpu.max': 'max 100000\n',
    '/sys/fs/cgroup/a/cpu.max': '150000 100000\n',
    '/sys/fs/cgroup/a/b/cpu.max': '400000 100000\n',
  })
  expect(cpuQuota(files)).toEqual({ cores: 1.5, folder: '/sys/fs/cgroup/a' })
})

test('a container sees its own group as the root', () => {
  const files = fakeFiles({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '200000 100000\n' })
  expect(cpuQuota(files)).toEqual({ cores: 2, folder: '/sys/fs/cgroup' })
})

test('without a quota there is none', () => {
  expect(cpuQuota(fakeFiles({}))).toBeUndefined()
  expect(cpuQuota(fakeFiles({ '/proc/self/cgroup': '4:memory:/x\n0::/\n' }))).toBeUndefined()
  expect(
    cpuQuota(fakeFiles({ '/proc/self/cgroup': '0::/a\n', '/sys/fs/cgroup/a/cpu.max': 'max 100000\n' })),
  ).toBeUndefined()
})

const withQuota = (quota: string) =>
  fakeFiles({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': `${quota} 100000\n` })

test('usable cores are whole, at least one, and never more than are available', () => {
  expect(usableCores(8, withQuota('max'))).toBe(8)
  expect(usableCores(8, withQuota('350000'))).toBe(3)
  expect(usableCores(8, withQuota('50000'))).toBe(1)
  expect(usableCores(2, withQuota('350000'))).toBe(2)
})
