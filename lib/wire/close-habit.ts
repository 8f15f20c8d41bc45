import type { Ns } from '../domain/timeline.ts'

/** A server that closes later than this after a response closed what was idle. */
const rightAfterNs = 100e6
/** One may be an accident. */
const enough = 2

/**
 * What the connections of a pool learn together: that their server closes each right after its first response, without having
 * said so. Such a close crosses with the next request sooner or later, so that none of them should be used again.
 */
export class CloseHabit {
  readonly #onLearned: () => void
  #seen = 0

  /** @param onLearned called once */
  constructor(onLearned: () => void) {
    this.#onLearned = onLearned
  }

  get isKnown(): boolean {
    return this.#seen >= enough
  }

  /** It is known of this kind of server. */
  know(): void {
    this.#seen = enough
  }

  /**
   * A connection was closed by the server, unannounced, after `served` whole responses and `idleNs` after the last of them, before a
   * byte of another: whether that was asked for already says nothing about the server.
   */
  saw(served: number, idleNs: Ns): void {
    if (served !== 1 || idleNs > rightAfterNs) return
    this.#seen += 1
    if (this.#seen === enough) this.#onLearned()
  }
}
