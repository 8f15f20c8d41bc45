/** Something that has read bytes which are not parsed yet. */
export type HasUnparsed = { parse: () => void }

/**
 * Puts parsing off to the end of the event loop's turn: all sockets that became readable in it are stamped before the bytes
 * of any are looked at, so that one stream's parsing is not in another's times.
 */
export class ReadTurn {
  #waiting: HasUnparsed[] = []

  add(one: HasUnparsed): void {
    if (this.#waiting.push(one) === 1) setImmediate(this.#end)
  }

  // One function for all turns: a turn is to leave no garbage behind.
  readonly #end = (): void => {
    const waiting = this.#waiting
    this.#waiting = []
    for (const one of waiting) one.parse()
  }
}
