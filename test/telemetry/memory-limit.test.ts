import { expect, test } from 'vitest'
import { hostFacts } from '../../lib/telemetry/host-facts.ts'
import { memoryLimit } from '../../lib/telemetry/memory-limit.ts'
import { repackedTypes } from '../../lib/telemetry/repacked-types.ts'
import { fakeFiles, fakeSystem } from './fake-system.ts'

test('the tightest limit of the control groups above a process holds', async () => {
  const files = {
    '/proc/self/cgroup': '0::/pod/box\n',
    '/sys/fs/cgroup/pod/box/memory.max': 'max\n',
    '/sys/fs/cgroup/pod/memory.max': '8000000000\n',
    '/sys/fs/cgroup/memory.max': '9000000000\n',
  }
  expect(memoryLimit(fakeFiles(files))).toBe(8e9)
  expect((await hostFacts(fakeSystem(files))).memoryBytes).toBe(8e9)
})

const limit = (bytes: string) =>
  memoryLimit(
    fakeFiles({
      '/proc/self/cgroup': '4:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n',
      '/sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes': `${bytes}\n`,
    }),
  )

test('version 1 of the control groups, where a huge number is no limit', () => {
  expect(limit('4294967296')).toBe(4294967296)
  expect(limit('9223372036854771712')).toBeUndefined()
})

test('without control groups there is no limit', () => {
  expect(memoryLimit(fakeFiles({}))).toBeUndefined()
})

const on = (line: string, arch = 'x64') => repackedTypes(fakeSystem({ '/proc/cpuinfo': `${line}\n` }, { arch }))

test('which weights are kept twice depends on the instruction sets', () => {
  expect(on('flags\t\t: fpu sse4_2 avx')).toEqual([])
  expect(on('flags\t\t: fpu avx2 fma')).toEqual(['Q4_0', 'IQ4_NL', 'MXFP4', 'Q4_K'])
  expect(on('flags\t\t: fpu avx2 avx512f')).toContain('Q2_K')
  expect(on('Features\t: fp asimd asimddp', 'arm64')).toContain('Q8_0')
  expect(on('Features\t: fp asimd', 'arm64')).toEqual([])
})
