import type { Ns } from '../domain/timeline.ts'
import type { CloseHabit } from './close-habit.ts'

/** What the connection that is open has served, and what its server's close says after that. */
export class ConnectionPast {
  readonly #habit: CloseHabit
  #served = 0
  #freeAt: Ns = 0

  constructor(habit: CloseHabit) {
    this.#habit = habit
  }

  get hasServed(): boolean {
    return this.#served > 0
  }

  /** Another connection is opened. */
  forget(): void {
    this.#served = 0
  }

  served(at: Ns): void {
    this.#served += 1
    this.#freeAt = at
  }

  /** Closed by its server, unannounced, with no request under way. */
  closed(at: Ns): void {
    this.#habit.saw(this.#served, at - this.#freeAt)
  }

  /**
   * The same before a byte of the response to what was sent at `sentAt`: the server may have been closing a free connection then, which
   * nobody can tell from a failure. In words; empty where the connection was new. In a closed loop each close comes like this.
   */
  crossed(sentAt: Ns, at: Ns): string {
    if (!this.hasServed) return ''
    this.closed(at)
    const idle = ((sentAt - this.#freeAt) / 1e9).toFixed(3)
    return `, over a connection that had served a request and was idle for ${idle} s: the close may have crossed with this one`
  }
}
