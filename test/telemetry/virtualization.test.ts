import { expect, test } from 'vitest'
import { virtualization } from '../../lib/telemetry/virtualization.ts'
import { fakeFiles } from './fake-system.ts'

const of = (texts: Record<string, string>) => virtualization(fakeFiles(texts))
const guest = { '/proc/cpuinfo': 'flags\t\t: fpu hypervisor sse\n' }

test('bare metal is nothing, even from a maker of virtual machines', () => {
  expect(of({})).toBeUndefined()
  expect(of({ '/proc/cpuinfo': 'flags\t: fpu sse\n', '/sys/class/dmi/id/sys_vendor': 'Amazon EC2\n' })).toBeUndefined()
  const graviton = { '/sys/class/dmi/id/sys_vendor': 'Amazon EC2\n', '/sys/class/dmi/id/product_name': 'm7g.metal\n' }
  expect(of(graviton)).toBeUndefined()
})

test('a virtual machine is named by its firmware where that says', () => {
  expect(of(guest)).toBe('virtual machine')
  expect(of({ ...guest, '/sys/class/dmi/id/sys_vendor': 'QEMU\n', '/sys/class/dmi/id/product_name': 'KVM\n' })).toBe(
    'kvm',
  )
  expect(of({ ...guest, '/sys/class/dmi/id/sys_vendor': 'Microsoft Corporation\n' })).toBe('hyper-v')
  expect(of({ '/sys/class/dmi/id/sys_vendor': 'Amazon EC2\n' })).toBe('amazon')
})

test('WSL and containers are named, a container with the machine around it', () => {
  expect(of({ ...guest, '/proc/version': 'Linux version 5.15.0-microsoft-standard-WSL2\n' })).toBe('wsl')
  expect(of({ '/.dockerenv': '' })).toBe('docker')
  expect(of({ '/run/.containerenv': 'engine="podman"\n', ...guest })).toBe('podman, virtual machine')
  expect(of({ '/proc/self/cgroup': '0::/kubepods/burstable/pod1\n' })).toBe('kubepods')
})
