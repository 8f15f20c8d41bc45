import { posix } from 'node:path'
import type { FileView } from './system-view.ts'

/** Where Linux shows its control groups. */
export const controlGroups = '/sys/fs/cgroup'

/** The folder of this process in control groups of version 2, as seen from their root; `undefined` where there is none. */
export function ownGroup(files: FileView): string | undefined {
  return files.read('/proc/self/cgroup')?.match(/^0::(\/.*?)\/?$/m)?.[1]
}

/** The folder `below` in `top` and all that it lies in, up to `top` itself: what any of them sets holds for it. */
export function ancestry(top: string, below: string): string[] {
  const climb = (from: string): string[] => (from.length > top.length ? [from, ...climb(posix.dirname(from))] : [top])
  return climb(posix.join(top, below))
}
