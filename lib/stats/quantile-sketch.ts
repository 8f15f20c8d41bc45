/** Values within so much of each other share a bucket. */
const width = Math.log(1.01)

/**
 * Quantiles of any number of values in little memory: within 1 % of the exact ones, and exact where all values of a bucket are
 * alike. Values are 0 or above.
 */
export class QuantileSketch {
  n = 0
  readonly #buckets = new Map<number, { n: number; sum: number }>()

  add(value: number): void {
    this.n += 1
    const key = value > 0 ? Math.floor(Math.log(value) / width) : -Infinity
    const bucket = this.#buckets.get(key)
    if (bucket === undefined) this.#buckets.set(key, { n: 1, sum: value })
    else {
      bucket.n += 1
      bucket.sum += value
    }
  }

  /** The smallest value that this many of all do not exceed, counted from 1; `undefined` where there are fewer. */
  ranked(rank: number): number | undefined {
    let seen = 0
    for (const [, { n, sum }] of [...this.#buckets].toSorted(([a], [b]) => a - b))
      if ((seen += n) >= rank) return sum / n
    return undefined
  }

  median(): number | undefined {
    return this.n === 0 ? undefined : this.ranked(Math.ceil(this.n / 2))
  }
}
