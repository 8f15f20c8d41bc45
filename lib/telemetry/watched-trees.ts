import type { ProcessStat } from './process-stat.ts'
import { processNumbers, processTable, ProcessTree } from './process-tree.ts'
import type { FileView } from './system-view.ts'

/** `ours`: both trees together. */
type Found = { ours: readonly ProcessStat[]; theirs: readonly ProcessStat[] }

/**
 * Our own process tree and the engine's. To read every process takes some 20 µs for each: but for the first time, and where all is to be
 * read, only those are that belong to a tree or were not there before.
 */
export class WatchedTrees {
  readonly #files: FileView
  readonly #trees = new Map<number, ProcessTree>()
  #strangers: ReadonlySet<number> = new Set()

  constructor(files: FileView) {
    this.#files = files
  }

  look(own: number, engine: number | undefined, isFull: boolean): Found {
    const roots = engine === undefined ? [own] : [own, engine]
    const fresh = roots.filter((root) => !this.#trees.has(root))
    for (const root of fresh) this.#trees.set(root, new ProcessTree(root))
    const numbers = processNumbers(this.#files)
    const isAll = isFull || fresh.length > 0
    const now = processTable(isAll ? numbers : numbers.filter((pid) => !this.#strangers.has(pid)), this.#files)
    const found = new Map([...this.#trees].map(([root, tree]) => [root, tree.find(now)]))
    const union = new Map([...found.values()].flat().map((member) => [member.pid, member]))
    this.#strangers = new Set(numbers.filter((pid) => !union.has(pid)))
    return { ours: [...union.values()], theirs: engine === undefined ? [] : (found.get(engine) ?? []) }
  }
}
