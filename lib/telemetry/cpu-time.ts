import { cpuQuota } from './cpu-quota.ts'
import { ticksPerSecond } from './process-stat.ts'
import type { FileView } from './system-view.ts'

/** CPU time up to one moment. */
export type CpuTime = {
  atUs: number
  /** Of all that ran where the process tree may run. */
  busySeconds: number
  /** Of the process tree. */
  treeSeconds: number
}

/** The kernel counts in ticks of 10 ms: in less time than this their rounding would look like load. */
const shortestWindowUs = 200_000

/** Whether two moments are far enough apart to be compared. */
export function isWindow(before: CpuTime, atUs: number): boolean {
  return atUs - before.atUs >= shortestWindowUs
}

/**
 * Cores that everything but the tree kept busy between two moments. A little below 0 where rounding has it so: cut off at 0,
 * the mean over many windows would be too high. `undefined` where a member of the tree was lost from the count.
 */
export function otherCores(before: CpuTime, after: CpuTime): number | undefined {
  const seconds = (after.atUs - before.atUs) / 1e6
  const tree = after.treeSeconds - before.treeSeconds
  const busy = after.busySeconds - before.busySeconds
  return tree < 0 || busy < 0 ? undefined : (busy - tree) / seconds
}

/**
 * Reads the CPU time of all that competes with this process, stolen time included. Under a quota that is what shares the quota, and
 * else what runs on the CPUs that this process may use; which of them it is is found once. `undefined` where the system does not say.
 */
export function cpuClock(files: FileView): () => number | undefined {
  const quota = cpuQuota(files)
  if (quota !== undefined) return () => usageSeconds(files.read(`${quota.folder}/cpu.stat`) ?? '')
  const mayUse = allowedCpus(files.read('/proc/self/status') ?? '')
  return () => busySecondsOfCpus(files.read('/proc/stat') ?? '', mayUse)
}

function usageSeconds(cpuStat: string): number | undefined {
  const usageUs = cpuStat.match(/^usage_usec (\d+)$/m)?.[1]
  return usageUs === undefined ? undefined : Number(usageUs) / 1e6
}

function busySecondsOfCpus(stat: string, mayUse: (cpu: number) => boolean): number | undefined {
  const [ofCpus = ''] = stat.split('intr', 1) // thousands of numbers follow that word
  const lines = ofCpus.matchAll(/^cpu(\d+) (.+)$/gm)
  const used = [...lines].filter(([, cpu]) => mayUse(Number(cpu)))
  if (used.length === 0) return undefined
  return used.reduce((sum, [, , fields]) => sum + busyTicks(fields as string), 0) / ticksPerSecond
}

/** `user nice system idle iowait irq softirq steal`; guests are in `user` already. */
function busyTicks(fields: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields.split(' ').map(Number)
  return user + nice + system + irq + softirq + steal
}

/** By the line `Cpus_allowed_list: 0-3,8`; all of them where it is missing. */
function allowedCpus(status: string): (cpu: number) => boolean {
  const list = status.match(/^Cpus_allowed_list:\s+(\S+)$/m)?.[1]
  const ranges = list?.split(',').map((range) => range.split('-').map(Number))
  return (cpu) => ranges?.some(([first = NaN, last = first]) => cpu >= first && cpu <= last) ?? true
}
