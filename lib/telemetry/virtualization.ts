import type { FileView } from './system-view.ts'

/** What the firmware of virtual machines calls itself, and what we call it. */
const hypervisors: readonly (readonly [RegExp, string])[] = [
  [/amazon ec2/i, 'amazon'],
  [/google/i, 'google'],
  [/microsoft corporation/i, 'hyper-v'],
  [/vmware/i, 'vmware'],
  [/virtualbox|innotek/i, 'virtualbox'],
  [/parallels/i, 'parallels'],
  [/xen/i, 'xen'],
  [/kvm/i, 'kvm'],
  [/qemu|bochs/i, 'qemu'],
]

/** Container and virtual machine around this process, innermost first, such as `docker, kvm`; `undefined` on bare metal. */
export function virtualization(files: FileView): string | undefined {
  if (/microsoft/i.test(files.read('/proc/version') ?? '')) return 'wsl'
  return [container(files), virtualMachine(files)].filter((layer) => layer !== undefined).join(', ') || undefined
}

function container(files: FileView): string | undefined {
  if (files.list('/').includes('.dockerenv')) return 'docker'
  if (files.read('/run/.containerenv') !== undefined) return 'podman'
  return files.read('/proc/self/cgroup')?.match(/kubepods|lxc|docker/)?.[0]
}

/** Whether another system decides when the cores of this one run. */
export const isVirtualMachine = (files: Pick<FileView, 'read'>): boolean => virtualMachine(files) !== undefined

// The makers of some virtual machines make real ones too: on x86 the processor itself knows, elsewhere the name decides.
function virtualMachine(files: Pick<FileView, 'read'>): string | undefined {
  const flags = files.read('/proc/cpuinfo')?.match(/^flags\s*:.*$/m)?.[0]
  if (flags !== undefined && !/\bhypervisor\b/.test(flags)) return undefined
  const firmware = ['sys_vendor', 'product_name', 'bios_vendor'].map(
    (key) => files.read(`/sys/class/dmi/id/${key}`) ?? '',
  )
  const text = firmware.join(' ')
  if (flags === undefined && /metal/i.test(text)) return undefined
  const name = hypervisors.find(([pattern]) => pattern.test(text))?.[1]
  return name ?? (flags === undefined ? undefined : 'virtual machine')
}
