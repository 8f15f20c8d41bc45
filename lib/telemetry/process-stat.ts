/** Ticks in a second of what Linux tells programs of CPU time: 100 on every machine (`USER_HZ`). */
export const ticksPerSecond = 100

export type ProcessStat = {
  pid: number
  parent: number
  /** Ids of the process group and of the session: the process that began each had that number, and no other has it meanwhile. */
  group: number
  session: number
  /** In user and kernel mode, of all its threads. */
  ownTicks: number
  /** The same of the children that it has waited for, and of theirs. */
  childTicks: number
  /** Since boot: with the number it tells a process from all others. */
  startedTicks: number
}

/** Reads `/proc/PID/stat`, whose second field may hold any character; `undefined` for what is no such text. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  if (fields.length < 20) return undefined
  const at = (index: number) => Number(fields[index])
  const stat = {
    pid: Number.parseInt(text, 10),
    parent: at(1),
    group: at(2),
    session: at(3),
    ownTicks: at(11) + at(12),
    childTicks: at(13) + at(14),
    startedTicks: at(19),
  }
  return Object.values(stat).every(Number.isFinite) ? stat : undefined
}
