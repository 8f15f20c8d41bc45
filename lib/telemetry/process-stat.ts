/** Ticks in a second of what Linux tells programs of CPU time: 100 on every machine (`USER_HZ`). */
export const ticksPerSecond = 100

export type ProcessStat = {
  parent: number
  /** In user and kernel mode, of all its threads and of the children that it has waited for. */
  cpuTicks: number
}

/** Reads `/proc/PID/stat`, whose second field may hold any character; `undefined` for what is no such text. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const parent = Number(fields[1])
  const cpuTicks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  return fields.length > 15 && Number.isFinite(parent + cpuTicks) ? { parent, cpuTicks } : undefined
}
