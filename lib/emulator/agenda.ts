import type { Ns } from '../domain/timeline.ts'

/** Something that is due at a time; in an agenda at most once, which keeps the `order` in which it was added with it. */
export type Due = { dueNs: Ns; run: () => void; order?: number }

/** What is due, the earliest first; of two at one time the one that was added first: a binary heap. */
export class Agenda {
  readonly #heap: Due[] = []
  #added = 0

  /** When the next is due; `undefined` where nothing is. */
  get nextNs(): Ns | undefined {
    return this.#heap[0]?.dueNs
  }

  add(due: Due): void {
    due.order = this.#added++
    let at = this.#heap.push(due) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = this.#heap[above] as Due
      if (!isBefore(due, parent)) break
      this.#heap[at] = parent
      at = above
    }
    this.#heap[at] = due
  }

  /** Takes the next out where it is due at `nowNs`. */
  take(nowNs: Ns): Due | undefined {
    const first = this.#heap[0]
    if (first === undefined || first.dueNs > nowNs) return undefined
    const last = this.#heap.pop() as Due
    if (last !== first) this.#sink(last)
    return first
  }

  #sink(due: Due): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      const left = heap[child]
      const right = heap[child + 1]
      if (left === undefined) break
      if (right !== undefined && isBefore(right, left)) child += 1
      const least = heap[child] as Due
      if (!isBefore(least, due)) break
      heap[at] = least
      at = child
    }
    heap[at] = due
  }
}

const isBefore = (a: Due, b: Due) =>
  a.dueNs < b.dueNs || (a.dueNs === b.dueNs && (a.order as number) < (b.order as number))
