import type { MemorySample } from '../domain/record.ts'
import { busySeconds, isWindow, otherCores, treeSeconds, type CpuTime } from './cpu-time.ts'
import { darwinMemoryOf } from './darwin-memory.ts'
import type { GpuMemory } from './gpu-memory.ts'
import { memoryOf, type ProcessMemory } from './process-memory.ts'
import { processTree } from './process-tree.ts'
import { thisSystem, type SystemView } from './system-view.ts'

type Options = {
  /** The engine's process; all that descends from it belongs to it. */
  pid: number
  /** Microseconds from the launch's origin, monotonic. */
  nowUs: () => number
  /** `client`: the engine is a server elsewhere, and the memory of who asks it is none of its own. */
  of?: 'engine' | 'client'
  /** Absent where the launch uses no GPU. */
  gpuMemory?: GpuMemory
  system?: Pick<SystemView, 'files' | 'run' | 'platform'>
}
/** `full` reads all there is; `frugal` leaves out what would take more than 2 % of one core. */
type Detail = 'full' | 'frugal'
/** Never fails: what cannot be read is absent from the sample. */
export type Sample = (detail?: Detail) => Promise<MemorySample>

/** PSS is read again when this many times as long has passed as reading it took. */
const pssRest = 50

/**
 * Samples an engine's process tree from outside, on demand: memory, GPU memory, and the cores that everything else kept busy
 * since the last sample that could tell. `frugal` is the default: reading PSS takes the kernel some 8 ms for each GB.
 */
export function memorySampler({ pid, nowUs, of = 'engine', gpuMemory, system = thisSystem }: Options): Sample {
  const { files } = system
  let lastCpu: CpuTime | undefined
  let pssDueUs = -Infinity

  const others = (pids: readonly number[], atUs: number): number | undefined => {
    if (lastCpu !== undefined && !isWindow(lastCpu, atUs)) return undefined
    const busy = pids.length === 0 ? undefined : busySeconds(files)
    const before = lastCpu
    lastCpu = busy === undefined ? undefined : { atUs, busySeconds: busy, treeSeconds: treeSeconds(pids, files) }
    return before && lastCpu && otherCores(before, lastCpu)
  }

  const memory = async (pids: readonly number[], detail: Detail): Promise<ProcessMemory> => {
    if (of === 'client') return {}
    if (system.platform === 'darwin') return darwinMemoryOf(pid, system.run)
    const startUs = nowUs()
    if (detail === 'frugal' && startUs < pssDueUs) return memoryOf(pids, files, 'status')
    pssDueUs = Infinity // not twice at once
    const read = await memoryOf(pids, files, 'rollup')
    pssDueUs = nowUs() + pssRest * (nowUs() - startUs)
    return read
  }

  return async (detail = 'frugal') => {
    const atUs = Math.round(nowUs())
    const pids = processTree(pid, files)
    const cores = others(pids, atUs)
    const vramBytes = gpuMemory?.usedBytes(pids)
    return {
      atUs,
      ...(await memory(pids, detail)),
      ...(vramBytes !== undefined && { vramBytes }),
      ...(cores !== undefined && { otherCores: Math.round(cores * 1000) / 1000 }),
    }
  }
}
