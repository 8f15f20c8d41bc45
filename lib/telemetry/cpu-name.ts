import type { SystemView } from './system-view.ts'

/** What the processor, or the board that it is soldered to, is called. */
export function cpuName({ files, arch, cpuModel }: Pick<SystemView, 'files' | 'arch' | 'cpuModel'>): string {
  const cpuinfo = files.read('/proc/cpuinfo') ?? ''
  const reported = cpuModel === 'unknown' ? undefined : cpuModel?.trim()
  return (
    field(cpuinfo, 'model name') ||
    reported ||
    boardName(files) ||
    armPart(cpuinfo, arch) ||
    `unknown ${arch} processor`
  )
}

/** Of a single-board computer, such as `Raspberry Pi 5 Model B Rev 1.0`: the text of the device tree ends in NUL. */
export function boardName(files: SystemView['files']): string | undefined {
  return files.read('/proc/device-tree/model')?.replaceAll('\0', '').trim() || undefined
}

function armPart(cpuinfo: string, arch: string): string | undefined {
  const part = field(cpuinfo, 'CPU part')
  return part && `${arch} processor, implementer ${field(cpuinfo, 'CPU implementer') ?? '?'}, part ${part}`
}

function field(cpuinfo: string, key: string): string | undefined {
  return cpuinfo.match(new RegExp(`^${key}\\s*:\\s*(.+)$`, 'm'))?.[1]?.trim()
}
