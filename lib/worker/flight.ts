import type { Engine, EngineRequest } from '../domain/backend.ts'
import type { Limits } from '../domain/cell.ts'
import type { Ns, RequestOutcome, RequestTimeline } from '../domain/timeline.ts'
import { watchRequest } from './watchdog.ts'

export type Failure = Extract<RequestOutcome, { status: 'failed' }>

/** How long a request may take to notice that it was stopped. */
const stopGraceMs = 2000

/**
 * One request under way, with its own limits. What ends all of them calls each: with `AbortSignal.any` over the trial's signals
 * a request took three times the CPU (22 us for 8), and 100,000 of them left 190 MB behind (Node 24.21).
 */
export class Flight {
  readonly #end = new AbortController()
  readonly #givenUp = Promise.withResolvers<undefined>()
  #grace: NodeJS.Timeout | undefined
  #expired: Failure | undefined

  /** Resolves with `undefined` where it has not ended a while after it was stopped. */
  async send(
    engine: Engine,
    request: EngineRequest,
    { limits, now }: { limits: Limits; now: () => Ns },
  ): Promise<RequestTimeline | undefined> {
    const watch = watchRequest(limits, now, (why) => {
      this.#expired = { status: 'failed', ...why }
      this.stop()
    })
    const sent = engine.send(request, watch.onContent, this.#end.signal)
    try {
      return await Promise.race([sent, this.#givenUp.promise])
    } finally {
      watch.stop()
      clearTimeout(this.#grace)
    }
  }

  /** Which of its own limits ended it. */
  get expired(): Failure | undefined {
    return this.#expired
  }

  get wasEnded(): boolean {
    return this.#end.signal.aborted
  }

  /** Ends it; it may take in the rest of its prompt before it notices: only its own limits hurry it. */
  cutOff(): void {
    this.#end.abort()
  }

  /** Ends it, and gives it up where it does not. */
  stop(): void {
    this.#end.abort()
    this.#grace ??= setTimeout(() => this.#givenUp.resolve(undefined), stopGraceMs)
  }
}
