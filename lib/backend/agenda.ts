import type { Ns } from '../domain/timeline.ts'

/** Something that is due at a time; in an agenda at most once. */
export type Due = { dueNs: Ns; run: () => void }

/** What is due, the earliest first; of two at one time the one that was added first: a binary heap. */
export class Agenda {
  readonly #heap: Entry[] = []
  #added = 0

  /** When the next is due; `undefined` where nothing is. */
  get nextNs(): Ns | undefined {
    return this.#heap[0]?.due.dueNs
  }

  add(due: Due): void {
    const entry = { due, order: this.#added++ }
    let at = this.#heap.push(entry) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = this.#heap[above] as Entry
      if (!isBefore(entry, parent)) break
      this.#heap[at] = parent
      at = above
    }
    this.#heap[at] = entry
  }

  /** Takes the next out where it is due at `nowNs`. */
  take(nowNs: Ns): Due | undefined {
    const first = this.#heap[0]
    if (first === undefined || first.due.dueNs > nowNs) return undefined
    const last = this.#heap.pop() as Entry
    if (last !== first) this.#sink(last)
    return first.due
  }

  #sink(entry: Entry): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      const [left, right] = [heap[child], heap[child + 1]]
      if (left === undefined) break
      if (right !== undefined && isBefore(right, left)) child += 1
      const least = heap[child] as Entry
      if (!isBefore(least, entry)) break
      heap[at] = least
      at = child
    }
    heap[at] = entry
  }
}

type Entry = { due: Due; order: number }

const isBefore = (a: Entry, b: Entry) => a.due.dueNs < b.due.dueNs || (a.due.dueNs === b.due.dueNs && a.order < b.order)
