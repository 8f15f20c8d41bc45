import type { ClientHealth, Spread } from '../domain/record.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { LoopDelay } from './loop-delay.ts'
import { ReadCounter } from './read-counter.ts'

/** Watches one client process around the measured part of a trial: begins when it is made. */
export class ClientWatch {
  readonly #startedMs = performance.now()
  readonly #cpu = process.cpuUsage()
  readonly #loopDelay = new LoopDelay()
  readonly #counter = new ReadCounter()

  /** Takes each request of this process as it ends, answered or not; a warm-up does not count. */
  request({ phase, events }: Pick<RequestTimeline, 'phase' | 'events'>): void {
    if (phase === 'measured' && events !== undefined) this.#counter.add(events)
  }

  /** How this process did from the beginning until now. */
  end(): ClientHealth {
    const { user, system } = process.cpuUsage(this.#cpu)
    const wallUs = 1000 * (performance.now() - this.#startedMs)
    const { events, reads } = this.#counter
    return {
      processes: 1,
      cpuCores: Math.round((1000 * (user + system)) / wallUs) / 1000,
      loopDelayMs: this.#loopDelay.end(),
      events,
      reads,
      eventsPerRead: this.#counter.spread(),
    }
  }
}

/** Several processes as one client: of spreads the worst of all, of the rest the sum. `undefined` of none. */
export function mergeHealth(parts: readonly ClientHealth[]): ClientHealth | undefined {
  if (parts.length === 0) return undefined
  const sum = (of: (part: ClientHealth) => number) => parts.reduce((all, part) => all + of(part), 0)
  return {
    processes: sum(({ processes }) => processes),
    cpuCores: Math.round(sum(({ cpuCores }) => 1000 * cpuCores)) / 1000,
    loopDelayMs: worst(parts.map(({ loopDelayMs }) => loopDelayMs)),
    events: sum(({ events }) => events),
    reads: sum(({ reads }) => reads),
    eventsPerRead: worst(parts.map(({ eventsPerRead }) => eventsPerRead)),
  }
}

function worst(spreads: readonly Spread[]): Spread {
  const most = (of: (spread: Spread) => number) => Math.max(...spreads.map(of))
  return { p50: most(({ p50 }) => p50), p99: most(({ p99 }) => p99), max: most(({ max }) => max) }
}
