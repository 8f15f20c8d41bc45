import type { Spread } from '../domain/record.ts'
import type { ContentEvents } from '../domain/timeline.ts'

/** Counts content events and the socket reads that brought them; it keeps one number for each size of a read, however many there are. */
export class ReadCounter {
  events = 0
  reads = 0
  /** How many reads brought so many events. */
  readonly #readsOf = new Map<number, number>()

  add({ deltasUs, reads }: ContentEvents): void {
    this.events += deltasUs.length
    if (reads === undefined) return this.#count(1, deltasUs.length)
    let size = 0
    for (const [i, read] of reads.entries()) {
      if (i > 0 && read !== reads[i - 1]) this.#count(size, 1)
      size = i > 0 && read === reads[i - 1] ? size + 1 : 1
    }
    if (size > 0) this.#count(size, 1)
  }

  /** Events per read, over all reads. */
  spread(): Spread {
    const sizes = [...this.#readsOf].toSorted(([a], [b]) => a - b)
    return { p50: this.#quantile(sizes, 0.5), p99: this.#quantile(sizes, 0.99), max: sizes.at(-1)?.[0] ?? 0 }
  }

  #count(size: number, reads: number): void {
    if (reads === 0) return
    this.reads += reads
    this.#readsOf.set(size, (this.#readsOf.get(size) ?? 0) + reads)
  }

  /** The smallest size that at least this share of all reads does not exceed. */
  #quantile(sizes: readonly (readonly [number, number])[], share: number): number {
    let seen = 0
    for (const [size, reads] of sizes) if ((seen += reads) >= share * this.reads) return size
    return 0
  }
}
