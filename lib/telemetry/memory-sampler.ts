import type { MemorySample } from '../domain/record.ts'
import { CpuAccount } from './cpu-account.ts'
import { cpuClock, isWindow, otherCores, type CpuTime } from './cpu-time.ts'
import { darwinSampleOf } from './darwin-memory.ts'
import type { GpuWatch } from './gpu-watch.ts'
import { memoryOf, type ProcessMemory } from './process-memory.ts'
import type { ProcessStat } from './process-stat.ts'
import { Rationed } from './rationed.ts'
import { thisSystem, type SystemView } from './system-view.ts'
import { WatchedTrees } from './watched-trees.ts'

type Options = {
  /** Our own process: what comes of it, and of the engine, competes with neither. */
  pid: number
  /** The process whose tree is the engine's; `undefined` while there is none here: then only the cores of others are told. */
  engine?: () => number | undefined
  /** Microseconds from the launch's origin, monotonic. */
  nowUs: () => number
  /** Absent where the launch uses no GPU. */
  gpus?: () => Pick<GpuWatch, 'sample'> | undefined
  system?: Pick<SystemView, 'files' | 'run' | 'platform'>
}
/** `full` reads all there is; `frugal` leaves out what would take more than 1 % of one core. */
type Detail = 'full' | 'frugal'
/** Never fails: what cannot be read is absent from the sample. */
export type Sample = (detail?: Detail) => Promise<MemorySample>

/** Times as long as it took have to pass before PSS is read again: of a core it takes a quarter of a percent. */
const pssRest = 400

/**
 * Samples an engine's process tree from outside, on demand: memory, CPU time, GPUs, and the cores that everything else kept
 * busy since the last sample that could tell. `frugal` is the default: reading PSS takes the kernel some 8 ms for each GB.
 */
export function memorySampler({ pid, engine = () => pid, nowUs, gpus, system = thisSystem }: Options): Sample {
  const { files } = system
  const watched = new WatchedTrees(files)
  const busySeconds = cpuClock(files)
  const [allOfUs, allOfEngine] = [new CpuAccount(), new CpuAccount()]
  const rollup = new Rationed(nowUs, pssRest)
  let lastCpu: CpuTime | undefined

  const others = (ours: readonly ProcessStat[], atUs: number): number | undefined => {
    const treeSeconds = allOfUs.take(ours)
    if (lastCpu !== undefined && !isWindow(lastCpu, atUs)) return undefined
    const busy = ours.length === 0 ? undefined : busySeconds()
    const before = lastCpu
    lastCpu = busy === undefined ? undefined : { atUs, busySeconds: busy, treeSeconds }
    return before && lastCpu && otherCores(before, lastCpu)
  }

  const memory = async (pids: readonly number[], detail: Detail): Promise<ProcessMemory> => {
    if (detail === 'frugal' && !rollup.isDue()) return memoryOf(pids, files, 'status')
    return rollup.timedLater(() => memoryOf(pids, files, 'rollup'))
  }

  return async (detail = 'frugal') => {
    const atUs = Math.round(nowUs())
    const root = engine()
    const { ours, theirs } = watched.look(pid, root, detail === 'full')
    const cores = others(ours, atUs)
    const pids = theirs.map((member) => member.pid)
    const cpuSeconds = theirs.length === 0 ? undefined : rounded(allOfEngine.take(theirs))
    const isDarwin = system.platform === 'darwin'
    return {
      atUs,
      ...(root !== undefined && isDarwin && (await darwinSampleOf(root, system.run))),
      ...(!isDarwin && pids.length > 0 && (await memory(pids, detail))),
      ...(cpuSeconds !== undefined && { cpuSeconds, processes: pids.length }),
      ...(root !== undefined && gpus?.()?.sample(pids)),
      ...(cores !== undefined && { otherCores: rounded(cores) }),
    }
  }
}

const rounded = (value: number) => Math.round(value * 1000) / 1000
