import { ancestry, controlGroups, ownGroup } from './control-group.ts'
import type { FileView } from './system-view.ts'

export type CpuQuota = {
  /** May be a fraction. */
  cores: number
  /** The control group that has it: its processes share it. */
  folder: string
}

/** The tightest CPU quota (cgroup v2, `cpu.max`) that holds for this process; `undefined` where there is none. */
export function cpuQuota(files: FileView): CpuQuota | undefined {
  const own = ownGroup(files)
  if (own === undefined) return undefined
  const quotas = ancestry(controlGroups, own).flatMap((folder) => {
    const [quotaUs, periodUs] = (files.read(`${folder}/cpu.max`) ?? '').split(' ').map(Number)
    return quotaUs && periodUs ? [{ cores: quotaUs / periodUs, folder }] : []
  })
  return quotas.toSorted((a, b) => a.cores - b.cores)[0]
}

/** Whole cores that this process can count on: those that its affinity allows, and no more than its quota. */
export function usableCores(availableCores: number, files: FileView): number {
  const quota = cpuQuota(files)?.cores ?? Infinity
  return Math.max(1, Math.min(availableCores, Math.floor(quota)))
}
