import type { ProcessStat } from './process-stat.ts'
import { allProcesses, processTable, ProcessTree } from './process-tree.ts'
import { Rationed } from './rationed.ts'
import type { FileView } from './system-view.ts'

/** As for PSS: a fifth of a percent of a core. */
const scanRest = 500

/** `ours`: both trees together. */
type Found = { ours: readonly ProcessStat[]; theirs: readonly ProcessStat[] }

/** Our own process tree and the engine's; who is new in them is looked for only now and then, as that takes some 20 µs for each process. */
export class WatchedTrees {
  readonly #files: FileView
  readonly #scan: Rationed
  readonly #trees = new Map<number, ProcessTree>()

  constructor(files: FileView, nowUs: () => number) {
    this.#files = files
    this.#scan = new Rationed(nowUs, scanRest)
  }

  look(own: number, engine: number | undefined, isFull: boolean): Found {
    const roots = engine === undefined ? [own] : [own, engine]
    const fresh = roots.filter((root) => !this.#trees.has(root))
    for (const root of fresh) this.#trees.set(root, new ProcessTree(root))
    const found = isFull || fresh.length > 0 || this.#scan.isDue() ? this.#found() : this.#refreshed()
    const union = new Map([...found.values()].flat().map((member) => [member.pid, member]))
    return { ours: [...union.values()], theirs: engine === undefined ? [] : (found.get(engine) ?? []) }
  }

  #found(): ReadonlyMap<number, readonly ProcessStat[]> {
    const all = this.#scan.timed(() => allProcesses(this.#files))
    return new Map([...this.#trees].map(([root, tree]) => [root, tree.find(all)]))
  }

  #refreshed(): ReadonlyMap<number, readonly ProcessStat[]> {
    const known = new Set([...this.#trees.values()].flatMap(({ pids }) => pids))
    const now = processTable([...known], this.#files)
    return new Map([...this.#trees].map(([root, tree]) => [root, tree.refresh(now)]))
  }
}
