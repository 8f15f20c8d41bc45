import { posix } from 'node:path'
import type { FileView } from './system-view.ts'

const root = '/sys/fs/cgroup'

/** The tightest memory limit of the control groups that this process is in, in bytes; `undefined` where there is none. */
export function memoryLimit(files: FileView): number | undefined {
  const own = files.read('/proc/self/cgroup') ?? ''
  const second = own.match(/^0::(\/.*?)\/?$/m)?.[1]
  const first = own.match(/^\d+:(?:[\w,]*,)?memory(?:,[\w,]*)?:(\/.*?)\/?$/m)?.[1]
  const limits = [
    ...(second === undefined ? [] : ancestry(root, second).map((folder) => files.read(`${folder}/memory.max`))),
    ...(first === undefined
      ? []
      : ancestry(`${root}/memory`, first).map((folder) => files.read(`${folder}/memory.limit_in_bytes`))),
  ]
  // `max`, and in version 1 a number beyond any memory, stand for no limit.
  const bytes = limits.map(Number).filter((limit) => limit > 0 && limit < 2 ** 60)
  return bytes.length === 0 ? undefined : Math.min(...bytes)
}

function ancestry(top: string, below: string): string[] {
  const folder = posix.join(top, below)
  const climb = (from: string): string[] => (from.length > top.length ? [from, ...climb(posix.dirname(from))] : [top])
  return climb(folder)
}
