/** Something that has read bytes which are not parsed yet. */
export type HasUnparsed = { parse: () => void }

/** Parsed between two looks at the sockets, some 0.1 ms. */
const mostPerTurn = 8
/** Places left empty at the front before what waits is moved there: seldom, and more than are moved. */
const mostEmpty = 1024

/**
 * Puts parsing off to the end of the event loop's turn: all sockets that became readable in it are stamped before the bytes
 * of any are looked at, so that one stream's parsing is not in another's times. Where many wait, sockets are looked at in between: a
 * client that was held up, and whose server goes on meanwhile, first reads what there is; parsing all of it before the next look
 * it stayed as late for hundreds of events as it once had been.
 */
export class ReadTurn {
  // Taken from the front by an index: a turn is to leave no garbage behind.
  readonly #waiting: (HasUnparsed | undefined)[] = []
  #first = 0
  #end = 0
  #isDue = false

  /** Of those that wait and of those that waited before them: bounded by how many wait at once. */
  get places(): number {
    return this.#waiting.length
  }

  add(one: HasUnparsed): void {
    this.#waiting[this.#end] = one
    this.#end += 1
    this.#wait()
  }

  #wait(): void {
    if (this.#isDue) return
    this.#isDue = true
    setImmediate(this.#turn)
  }

  // One function for all turns.
  readonly #turn = (): void => {
    this.#isDue = false
    const stop = Math.min(this.#end, this.#first + mostPerTurn)
    try {
      while (this.#first < stop) {
        const one = this.#waiting[this.#first]
        this.#waiting[this.#first] = undefined
        this.#first += 1
        one?.parse()
      }
    } finally {
      if (this.#first < this.#end) this.#goOn()
      else this.#first = this.#end = 0
    }
  }

  /** A client that never catches up never empties the queue. */
  #goOn(): void {
    const left = this.#end - this.#first
    if (this.#first >= Math.max(mostEmpty, left)) {
      this.#waiting.copyWithin(0, this.#first, this.#end)
      // Not made shorter: the array would give up its memory, which then is garbage.
      this.#waiting.fill(undefined, left, this.#end)
      this.#first = 0
      this.#end = left
    }
    this.#wait()
  }
}
