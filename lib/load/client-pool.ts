import type { Ns } from '../domain/timeline.ts'

/** The clients of an open load that are free. */
export class ClientPool {
  /** The last that became free is taken first: its connection is the least likely to have been closed for being idle. */
  readonly #free: number[]
  /** Since when there is one more of them than before, in order: each arrival uses up the oldest. */
  readonly #freeSince: Ns[]
  #taken = 0
  #onFree: (() => void) | undefined

  constructor(clients: number, at: Ns) {
    this.#free = Array.from({ length: clients }, (_, client) => clients - 1 - client)
    this.#freeSince = Array.from({ length: clients }, () => at)
  }

  /** A client for what was scheduled then, and how long there was none; `undefined` where there is none now. */
  take(scheduled: Ns): { client: number; poolWait: Ns } | undefined {
    const client = this.#free.pop()
    if (client === undefined) return undefined
    const since = this.#freeSince[this.#taken] as Ns
    this.#taken += 1
    this.#forget()
    return { client, poolWait: Math.max(0, since - scheduled) }
  }

  give(client: number, at: Ns): void {
    this.#free.push(client)
    this.#freeSince.push(at)
    this.#onFree?.()
  }

  /** Resolves as soon as there is a client, or the signal is aborted. */
  async free(signal: AbortSignal): Promise<void> {
    if (this.#free.length > 0 || signal.aborted) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const wake = () => resolve()
    this.#onFree = wake
    signal.addEventListener('abort', wake)
    await promise
    this.#onFree = undefined
    signal.removeEventListener('abort', wake)
  }

  /** Now and then, so that a long load does not keep the past. */
  #forget(): void {
    if (this.#taken < 1024) return
    this.#freeSince.splice(0, this.#taken)
    this.#taken = 0
  }
}
