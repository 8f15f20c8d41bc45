import { CpuAccount } from './cpu-account.ts'
import { cpuClock, otherCores } from './cpu-time.ts'
import { processTable } from './process-tree.ts'
import type { FileView } from './system-view.ts'

const windowMs = 500

/** Cores that everything but this process keeps busy just now, watched for half a second; `undefined` where the system does not say. */
export async function otherLoad(
  files: FileView,
  wait: (ms: number) => Promise<void>,
  nowMs: () => number = () => performance.now(),
): Promise<number | undefined> {
  const own = new CpuAccount()
  const busySeconds = cpuClock(files)
  const look = () => {
    const busy = busySeconds()
    return (
      busy && {
        atUs: nowMs() * 1000,
        busySeconds: busy,
        treeSeconds: own.take([...processTable([process.pid], files).values()]),
      }
    )
  }
  const before = look()
  await wait(windowMs)
  const after = look()
  if (before === undefined || after === undefined || before === 0 || after === 0) return undefined
  const other = otherCores(before, after)
  return other === undefined ? undefined : Math.max(0, other)
}
