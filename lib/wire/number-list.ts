/** Room is made for no more at first: what an answer may come to is no reason to take its memory at once. */
const mostAtOnce = 1024
const least = 16

/**
 * Numbers that are added one by one while streams are read: kept outside of the heap, so that the pauses in which the garbage
 * collector moves what lives on, and no stamp can be taken, do not grow with the answers under way.
 */
export class NumberList {
  #numbers: Float64Array
  #length = 0

  /** @param expected how many there will mostly be */
  constructor(expected: number) {
    this.#numbers = new Float64Array(Math.max(least, Math.min(expected, mostAtOnce)))
  }

  get length(): number {
    return this.#length
  }

  /** Valid until the next is added. */
  get values(): Float64Array {
    return this.#numbers.subarray(0, this.#length)
  }

  /** The number at an index below the length. */
  at(index: number): number {
    return this.#numbers[index] as number
  }

  /** Keeps the memory, which an array that is emptied gives up, so that it is garbage. */
  clear(): void {
    this.#length = 0
  }

  push(value: number): void {
    if (this.#length === this.#numbers.length) {
      const larger = new Float64Array(2 * this.#length)
      larger.set(this.#numbers)
      this.#numbers = larger
    }
    this.#numbers[this.#length] = value
    this.#length += 1
  }

  toArray(): number[] {
    return Array.from(this.values)
  }
}
