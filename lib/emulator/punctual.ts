import type { Ns } from '../domain/timeline.ts'
import { Agenda, type Due } from './agenda.ts'

// A timer of Node's comes at whole milliseconds, up to one too late: it is used for what is further off than this.
const timerNs = 2_200_000
// Nearer, the thread sleeps in naps: between two of them sockets are looked at, so this is what an arrival waits at most.
const longestNapNs = 200_000
// After so much work in one go sockets are looked at; the clock is read once in so many pieces of it.
const mostWorkNs = 1_000_000
const piecesPerLook = 32

const nobody = new Int32Array(new SharedArrayBuffer(4))

/**
 * Runs what is due when it is due, some tens of microseconds late where there is a core for it. Node's timers have a grain
 * of 1 ms, and turns of the event loop without a pause take a whole core; a futex that nobody wakes has neither fault.
 */
export class Punctual implements Disposable {
  readonly #agenda = new Agenda()
  readonly #now: () => Ns
  #timer: NodeJS.Timeout | undefined
  #turn: NodeJS.Immediate | undefined
  #timerNs = Number.POSITIVE_INFINITY

  constructor(now: () => Ns) {
    this.#now = now
  }

  add(due: Due): void {
    this.#agenda.add(due)
    if (this.#turn !== undefined || due.dueNs >= this.#timerNs) return
    this.#wait()
  }

  readonly #run = (): void => {
    this.#nap()
    this.#work()
    this.#turn = undefined
    this.#wait()
  }

  #nap(): void {
    const leftNs = (this.#agenda.nextNs ?? 0) - this.#now()
    if (leftNs > 0 && leftNs <= timerNs) Atomics.wait(nobody, 0, 0, Math.min(leftNs, longestNapNs) / 1e6)
  }

  #work(): void {
    const now = this.#now()
    let pieces = 0
    for (let due = this.#agenda.take(now); due !== undefined; due = this.#agenda.take(now)) {
      due.run()
      pieces += 1
      if (pieces % piecesPerLook === 0 && this.#now() - now > mostWorkNs) return
    }
  }

  /** Comes back with a timer or in the next turn of the event loop, by what is due next. */
  #wait(): void {
    clearTimeout(this.#timer)
    this.#timerNs = Number.POSITIVE_INFINITY
    const { nextNs } = this.#agenda
    if (nextNs === undefined) return
    const leftNs = nextNs - this.#now()
    if (leftNs <= timerNs) {
      this.#turn = setImmediate(this.#run)
      return
    }
    this.#timerNs = nextNs
    this.#timer = setTimeout(this.#woken, Math.floor(leftNs / 1e6) - 1)
  }

  readonly #woken = (): void => {
    this.#timer = undefined
    this.#timerNs = Number.POSITIVE_INFINITY
    this.#turn ??= setImmediate(this.#run)
  };

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#turn)
  }
}
