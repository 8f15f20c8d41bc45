/**
 * Keeps clients that decode side by side in step. node-llama-cpp evaluates what is queued as soon as it can: left to
 * themselves clients queue one after the other, and each is evaluated alone. Here each waits until all have the token that
 * they asked for, and all ask for the next in one turn of the event loop, so that one batch holds them all.
 */
export class Rounds {
  /** Clients that have asked for a token and not got it. */
  readonly #asking = new Set<number>()
  readonly #waiting = new Map<number, () => void>()

  /** To be called when a client has got a token and goes on; resolves when it is to ask for the next. */
  async next(client: number): Promise<void> {
    this.#asking.delete(client)
    await new Promise<void>((resolve) => {
      this.#waiting.set(client, resolve)
      this.#releaseIfAll()
    })
    this.#asking.add(client)
  }

  /** To be called when a client asks for no more, whatever the reason. */
  leave(client: number): void {
    this.#asking.delete(client)
    this.#releaseIfAll()
  }

  #releaseIfAll(): void {
    if (this.#asking.size > 0 || this.#waiting.size === 0) return
    // llama.cpp evaluates at once only what stands in the batch in the order of its sequences.
    const waiting = [...this.#waiting].toSorted(([a], [b]) => a - b)
    this.#waiting.clear()
    // Not in this turn: the engine is to see an empty queue and end its round first.
    setImmediate(() => {
      for (const [, resolve] of waiting) resolve()
    })
  }
}
