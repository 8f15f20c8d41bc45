import { type ProcessStat, ticksPerSecond } from './process-stat.ts'

type Known = ReadonlyMap<number, ProcessStat>

/**
 * Adds up the CPU time of processes that come and go. Who has ended is in the count of the parent that waited for it; where none
 * did (its parent is another's by now, or does not wait) what was seen of it last is kept here.
 */
export class CpuAccount {
  #known: Known = new Map()
  #keptTicks = 0
  #seconds = 0

  /** The seconds of all of them so far, as they are now. */
  take(members: readonly ProcessStat[]): number {
    const now: Known = new Map(members.map((member) => [member.pid, member]))
    this.#keptTicks += this.#ticksOfLost(now)
    this.#known = now
    const ticks = members.reduce((sum, member) => sum + ticksOf(member), this.#keptTicks)
    this.#seconds = Math.max(this.#seconds, ticks / ticksPerSecond)
    return this.#seconds
  }

  /** Of those that are gone, what nobody who is there has taken over. */
  #ticksOfLost(now: Known): number {
    const gone = [...this.#known.values()].filter(
      ({ pid, startedTicks }) => now.get(pid)?.startedTicks !== startedTicks,
    )
    const byHeir = Map.groupBy(gone, (process) => this.#heirOf(process, now))
    return [...byHeir].reduce((sum, [heir, processes]) => {
      const theirs = processes.reduce((ticks, process) => ticks + ticksOf(process), 0)
      return sum + Math.max(0, theirs - this.#takenOver(heir, now))
    }, 0)
  }

  /** The nearest ancestor that is there still. */
  #heirOf({ parent }: ProcessStat, now: Known): number | undefined {
    const known = this.#known.get(parent)
    if (known === undefined) return undefined
    return now.get(parent)?.startedTicks === known.startedTicks ? parent : this.#heirOf(known, now)
  }

  #takenOver(heir: number | undefined, now: Known): number {
    const [before, after] = heir === undefined ? [] : [this.#known.get(heir), now.get(heir)]
    return before === undefined || after === undefined ? 0 : after.childTicks - before.childTicks
  }
}

const ticksOf = ({ ownTicks, childTicks }: ProcessStat) => ownTicks + childTicks
