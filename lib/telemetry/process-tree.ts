import { parseProcessStat, type ProcessStat } from './process-stat.ts'
import type { FileView } from './system-view.ts'

/** By number. */
export type ProcessTable = ReadonlyMap<number, ProcessStat>

/** Every process that there is: a file for each, some 20 µs. */
export function allProcesses(files: FileView): ProcessTable {
  return processTable(files.list('/proc').filter(isNumber).map(Number), files)
}

/** Of these processes, those that are there. Processes may come and go while this reads `/proc`. */
export function processTable(pids: readonly number[], files: FileView): ProcessTable {
  const stats = pids.map((pid) => parseProcessStat(files.read(`/proc/${pid}/stat`) ?? ''))
  return new Map(stats.flatMap((stat) => (stat === undefined ? [] : [[stat.pid, stat]])))
}

/**
 * A process and all that comes of it: those that descend from it, those of the session and of the group that it leads, also where they
 * were given another parent or it has ended, and whoever has belonged to it before.
 */
export class ProcessTree {
  readonly #root: number
  #members: ProcessTable = new Map()

  constructor(root: number) {
    this.#root = root
  }

  get pids(): readonly number[] {
    return [...this.#members.keys()]
  }

  /** Finds who belongs to it now among all processes, and returns them, the first process first. */
  find(all: ProcessTable): readonly ProcessStat[] {
    const children = Map.groupBy(all.values(), ({ parent }) => parent)
    const first = all.get(this.#root)
    const led = [...all.values()].filter(({ group, session }) => group === this.#root || session === this.#root)
    const tree = new Set([...(first === undefined ? [] : [first]), ...led, ...this.#living(all)])
    for (const member of tree) for (const child of children.get(member.pid) ?? []) tree.add(child)
    this.#members = new Map([...tree].map((member) => [member.pid, member]))
    return [...tree]
  }

  /** Those who belonged to it when it was looked for last, as they are now, without who is gone. */
  refresh(now: ProcessTable): readonly ProcessStat[] {
    const living = this.#living(now)
    this.#members = new Map(living.map((member) => [member.pid, member]))
    return living
  }

  /** A number may have passed on to another process. */
  #living(now: ProcessTable): ProcessStat[] {
    return [...this.#members.values()].flatMap(({ pid, startedTicks }) => {
      const same = now.get(pid)
      return same?.startedTicks === startedTicks ? [same] : []
    })
  }
}

const isNumber = (text: string) => /^\d+$/.test(text)
