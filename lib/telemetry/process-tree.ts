import { parseProcessStat, type ProcessStat } from './process-stat.ts'
import type { FileView } from './system-view.ts'

/** By number. */
export type ProcessTable = ReadonlyMap<number, ProcessStat>

/** Of every process that there is. */
export const processNumbers = (files: FileView): number[] =>
  files
    .list('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)

/** Of these processes, those that are there. Processes may come and go while this reads `/proc`. */
export function processTable(pids: readonly number[], files: FileView): ProcessTable {
  const stats = pids.map((pid) => parseProcessStat(files.read(`/proc/${pid}/stat`) ?? ''))
  return new Map(stats.flatMap((stat) => (stat === undefined ? [] : [[stat.pid, stat]])))
}

/**
 * A process and all that comes of it: those that descend from it, those of the sessions and groups that it or one of those began,
 * also where they were given another parent or that one has ended, and whoever has belonged to it before.
 */
export class ProcessTree {
  readonly #root: number
  #members: ProcessTable = new Map()
  /** Of all that have ever belonged to it: no other process has such a number while there is a session or group of it. */
  readonly #everMembers: Set<number>

  constructor(root: number) {
    this.#root = root
    this.#everMembers = new Set([root])
  }

  /** Finds who belongs to it now, the first process first, among processes of which none of its members is left out. */
  find(now: ProcessTable): readonly ProcessStat[] {
    const children = Map.groupBy(now.values(), ({ parent }) => parent)
    const first = now.get(this.#root)
    const living = this.#living(now)
    const led = [...now.values()].filter((each) => this.#isLed(each.group, now) || this.#isLed(each.session, now))
    const tree = new Set([...(first === undefined ? [] : [first]), ...living, ...led])
    for (const member of tree) for (const child of children.get(member.pid) ?? []) tree.add(child)
    this.#members = new Map([...tree].map((member) => [member.pid, member]))
    for (const { pid } of tree) this.#everMembers.add(pid)
    return [...tree]
  }

  /** A number that has passed on to another process leads another's. */
  #isLed(leader: number, now: ProcessTable): boolean {
    const process = now.get(leader)
    const known = this.#members.get(leader)
    return this.#everMembers.has(leader) && (process === undefined || leader === this.#root || isSame(process, known))
  }

  #living(now: ProcessTable): ProcessStat[] {
    return [...this.#members.values()].flatMap((member) => {
      const process = now.get(member.pid)
      return process !== undefined && isSame(process, member) ? [process] : []
    })
  }
}

const isSame = (process: ProcessStat, known: ProcessStat | undefined) => process.startedTicks === known?.startedTicks
