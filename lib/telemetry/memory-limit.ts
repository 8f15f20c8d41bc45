import { ancestry, controlGroups, ownGroup } from './control-group.ts'
import type { FileView } from './system-view.ts'

/** The tightest memory limit of the control groups that this process is in, in bytes; `undefined` where there is none. */
export function memoryLimit(files: FileView): number | undefined {
  const second = ownGroup(files)
  const first = files.read('/proc/self/cgroup')?.match(/^\d+:(?:[\w,]*,)?memory(?:,[\w,]*)?:(\/.*?)\/?$/m)?.[1]
  const limits = [
    ...(second === undefined
      ? []
      : ancestry(controlGroups, second).map((folder) => files.read(`${folder}/memory.max`))),
    ...(first === undefined
      ? []
      : ancestry(`${controlGroups}/memory`, first).map((folder) => files.read(`${folder}/memory.limit_in_bytes`))),
  ]
  // `max`, and in version 1 a number beyond any memory, stand for no limit.
  const bytes = limits.map(Number).filter((limit) => limit > 0 && limit < 2 ** 60)
  return bytes.length === 0 ? undefined : Math.min(...bytes)
}
