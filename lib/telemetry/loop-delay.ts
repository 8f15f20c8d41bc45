import { createHistogram } from 'node:perf_hooks'
import type { Spread } from '../domain/record.ts'

/**
 * Seldom enough to cost nothing that can be seen beside a client's own work, and at most 2 % of a core that does nothing else
 * in a virtual machine in which waking up is dear.
 */
const everyMs = 10
/**
 * A timer is due in whole milliseconds of a clock that its loop cuts off, and is waited for in whole milliseconds again: one
 * that is up to so much behind its time came when it had to.
 */
const grainMs = 1

/** What watching needs of the outside. */
export type LoopDelayContext = {
  /** Monotonic; its whole milliseconds are those of the loop's own clock. */
  nowMs: () => number
  /** Calls again and again, `ms` after it was called last. */
  every: (ms: number, call: () => void) => { stop: () => void }
}

const realContext: LoopDelayContext = {
  nowMs: () => {
    const [seconds, ns] = process.hrtime()
    return seconds * 1000 + ns / 1e6
  },
  every: (ms, call) => {
    const timer = setInterval(call, ms).unref()
    return { stop: () => clearInterval(timer) }
  },
}

/**
 * How late the event loop of this process comes to what is due: a timer's lateness beyond its grain. While the loop is late
 * nothing is looked at, so what would have been due meanwhile is counted as late as it would have been: else one long pause
 * would be one sample among thousands. A loop that spins while it waits for something is not late.
 */
export class LoopDelay {
  /** In microseconds and one, as it takes no 0. */
  readonly #histogram = createHistogram()
  readonly #nowMs: () => number
  readonly #timer: { stop: () => void }
  #lastMs: number

  constructor({ nowMs, every }: LoopDelayContext = realContext) {
    this.#nowMs = nowMs
    this.#lastMs = nowMs()
    this.#timer = every(everyMs, () => this.#look())
  }

  /** Ends watching; what is late at this moment counts. Milliseconds. */
  end(): Spread {
    this.#look()
    this.#timer.stop()
    const msAt = (percentile: number) => (this.#histogram.percentile(percentile) - 1) / 1000
    return { p50: msAt(50), p99: msAt(99), max: msAt(100) }
  }

  #look(): void {
    const nowMs = this.#nowMs()
    const lateMs = nowMs - (Math.floor(this.#lastMs) + everyMs) - grainMs
    this.#lastMs = nowMs
    this.#histogram.record(1 + Math.max(0, Math.round(lateMs * 1000)))
    for (let ms = lateMs - everyMs; ms > 0; ms -= everyMs) this.#histogram.record(1 + Math.round(ms * 1000))
  }
}
