/** What costs much is done again when `rest` times as long has passed as it took. */
export class Rationed {
  readonly #nowUs: () => number
  readonly #rest: number
  #dueUs = -Infinity

  constructor(nowUs: () => number, rest: number) {
    this.#nowUs = nowUs
    this.#rest = rest
  }

  isDue(): boolean {
    return this.#nowUs() >= this.#dueUs
  }

  timed<T>(work: () => T): T {
    const startUs = this.#nowUs()
    const done = work()
    this.#dueUs = this.#nowUs() + this.#rest * (this.#nowUs() - startUs)
    return done
  }

  async timedLater<T>(work: () => Promise<T>): Promise<T> {
    const startUs = this.#nowUs()
    this.#dueUs = Infinity // not twice at once
    const done = await work()
    this.#dueUs = this.#nowUs() + this.#rest * (this.#nowUs() - startUs)
    return done
  }
}
