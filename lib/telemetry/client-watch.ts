import type { ClientHealth, Precedence, Spread } from '../domain/record.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { LoopDelay } from './loop-delay.ts'
import { ReadCounter } from './read-counter.ts'

/** Watches one client process around the measured part of a trial: begins when it is made. */
export class ClientWatch {
  readonly #precedence: Precedence | undefined
  readonly #startedMs = performance.now()
  readonly #cpu = process.cpuUsage()
  readonly #loopDelay = new LoopDelay()
  readonly #counter = new ReadCounter()
  readonly #gauge = { requests: 0, now: 0, seconds: 0, stretchSeconds: 0, atMs: performance.now() }
  #firstMs: number | undefined

  constructor(precedence?: Precedence) {
    this.#precedence = precedence
  }

  /** Takes each request of this process as it ends, answered or not; a warm-up does not count. */
  request({ phase, events }: Pick<RequestTimeline, 'phase' | 'events'>): void {
    if (phase === 'measured' && events !== undefined) this.#counter.add(events)
  }

  /** Counts a request as under way for as long as sending it takes, whatever its record will say. */
  async around<T>(send: () => Promise<T>): Promise<T> {
    this.#turn(1)
    try {
      return await send()
    } finally {
      this.#turn(-1)
    }
  }

  #turn(by: 1 | -1 | 0): void {
    const gauge = this.#gauge
    const nowMs = performance.now()
    gauge.seconds += (gauge.now * (nowMs - gauge.atMs)) / 1000
    gauge.atMs = nowMs
    gauge.now += by
    if (by === 1) gauge.requests += 1
    if (by === 1) this.#firstMs ??= nowMs
    if (by === -1) gauge.stretchSeconds = (nowMs - (this.#firstMs as number)) / 1000
  }

  /** How this process did from the beginning until now. */
  end(): ClientHealth {
    const { user, system } = process.cpuUsage(this.#cpu)
    const wallUs = 1000 * (performance.now() - this.#startedMs)
    const { events, reads } = this.#counter
    this.#turn(0)
    const { requests, seconds, stretchSeconds } = this.#gauge
    return {
      processes: 1,
      ...(this.#precedence && { precedence: this.#precedence }),
      cpuCores: Math.round((1000 * (user + system)) / wallUs) / 1000,
      loopDelayMs: this.#loopDelay.end(),
      events,
      reads,
      eventsPerRead: this.#counter.spread(),
      underWay: { requests, seconds: toMicro(seconds), stretchSeconds: toMicro(stretchSeconds) },
    }
  }
}

const toMicro = (seconds: number) => Math.round(1e6 * seconds) / 1e6

/** Several processes as one client: of spreads the worst of all, of the rest the sum. `undefined` of none. */
export function mergeHealth(parts: readonly ClientHealth[]): ClientHealth | undefined {
  if (parts.length === 0) return undefined
  const sum = (of: (part: ClientHealth) => number) => parts.reduce((all, part) => all + of(part), 0)
  const precedences = parts.map(({ precedence }) => precedence)
  const all = (what: keyof Precedence) => precedences.every((one) => one?.[what] === true)
  return {
    processes: sum(({ processes }) => processes),
    ...(precedences[0] && { precedence: { realTime: all('realTime'), awake: all('awake') } }),
    cpuCores: Math.round(sum(({ cpuCores }) => 1000 * cpuCores)) / 1000,
    loopDelayMs: worst(parts.map(({ loopDelayMs }) => loopDelayMs)),
    events: sum(({ events }) => events),
    reads: sum(({ reads }) => reads),
    eventsPerRead: worst(parts.map(({ eventsPerRead }) => eventsPerRead)),
    underWay: {
      requests: sum(({ underWay }) => underWay?.requests ?? 0),
      seconds: sum(({ underWay }) => underWay?.seconds ?? 0),
      stretchSeconds: Math.max(...parts.map(({ underWay }) => underWay?.stretchSeconds ?? 0)),
    },
  }
}

function worst(spreads: readonly Spread[]): Spread {
  const most = (of: (spread: Spread) => number) => Math.max(...spreads.map(of))
  return { p50: most(({ p50 }) => p50), p99: most(({ p99 }) => p99), max: most(({ max }) => max) }
}
