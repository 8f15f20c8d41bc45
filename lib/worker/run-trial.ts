import { type Engine, EngineFailure, type EngineRequest, type Prepared } from '../domain/backend.ts'
import type { TrialSpec } from '../domain/launch.ts'
import type { TrialEnd } from '../domain/record.ts'
import type { Ns, RequestOutcome, RequestTimeline } from '../domain/timeline.ts'
import { loadShapeOf } from '../load/load-shape-of.ts'
import { watchRequest } from './watchdog.ts'

export type TrialContext = {
  engine: Engine
  now: () => Ns
  origin: Ns
  /** `index` counts from 0 within the phase. */
  onRequest: (index: number, timeline: RequestTimeline) => void
  /** Aborted when the launch is to stop now. */
  signal: AbortSignal
}
export type TrialResult = {
  end: TrialEnd
  /** Whether the engine answered: an engine that does not even stop is not used again. */
  engine: 'usable' | 'stuck'
}

/** How long a request may take to notice that it was stopped. */
const stopGraceMs = 2000

/** Runs a trial's warm-up and its measured requests; whatever goes wrong is in the result. */
export async function runTrial(trial: TrialSpec, context: TrialContext): Promise<TrialResult> {
  const run = new TrialRun(trial, context)
  const timer = setTimeout(() => run.stop(timedOut(trial.limits.trialMs)), trial.limits.trialMs)
  const onAbort = () => run.stop(stopped)
  context.signal.addEventListener('abort', onAbort, { once: true })
  try {
    await run.drive(await context.engine.prepare(trial))
    return run.result()
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error
    return { end: { status: 'failed', reason: error.reason, detail: error.message }, engine: 'usable' }
  } finally {
    clearTimeout(timer)
    context.signal.removeEventListener('abort', onAbort)
  }
}

type Failure = Extract<RequestOutcome, { status: 'failed' }>
const timedOut = (ms: number): Failure => ({
  status: 'failed',
  reason: 'trial-timeout',
  detail: `the trial did not end within ${ms} ms`,
})
const stopped: Failure = { status: 'failed', reason: 'stopped', detail: 'stopped by its user' }

class TrialRun {
  readonly #trial: TrialSpec
  readonly #context: TrialContext
  readonly #abort = new AbortController()
  #stoppedBy: Failure | undefined
  #firstFailure: Failure | undefined
  #succeeded = 0
  #engine: TrialResult['engine'] = 'usable'
  #jobs: Prepared['jobs'] = []

  constructor(trial: TrialSpec, context: TrialContext) {
    this.#trial = trial
    this.#context = context
  }

  stop(why: Failure): void {
    this.#stoppedBy ??= why
    this.#abort.abort()
  }

  async drive({ jobs, requests }: Prepared): Promise<void> {
    this.#jobs = jobs
    await this.#drivePhase('warmup', this.#trial.warmup.requests)
    await this.#drivePhase('measured', requests)
  }

  async #drivePhase(phase: RequestTimeline['phase'], requests: number): Promise<void> {
    const { now } = this.#context
    await loadShapeOf(this.#trial.load).drive(requests, {
      now,
      signal: this.#abort.signal,
      send: (index, client, scheduled) => this.#send(phase, index, client, scheduled),
    })
  }

  result(): TrialResult {
    if (this.#stoppedBy) return { end: this.#stoppedBy, engine: this.#engine }
    if (this.#succeeded === 0 && this.#firstFailure) return { end: this.#firstFailure, engine: this.#engine }
    return { end: { status: 'ok' }, engine: this.#engine }
  }

  async #send(phase: RequestTimeline['phase'], index: number, client: number, scheduled: Ns): Promise<void> {
    const { engine, now } = this.#context
    const expiry = new AbortController()
    let expired: Failure | undefined
    const watch = watchRequest(this.#trial.limits, now, (why) => {
      expired = { status: 'failed', ...why }
      expiry.abort()
    })
    const signal = AbortSignal.any([this.#abort.signal, expiry.signal])
    const request = { trial: this.#trial, index, phase, client, scheduled }
    const timeline = await orGiveUp(engine.send(request, watch.onContent, signal), signal)
    watch.stop()
    const failure = expired ?? this.#stoppedBy ?? stopped
    if (timeline !== undefined) return this.#record(index, signal.aborted ? withFailure(timeline, failure) : timeline)
    this.#engine = 'stuck'
    this.#record(index, this.#unanswered(request, failure))
    this.stop(failure)
  }

  #record(index: number, timeline: RequestTimeline): void {
    if (timeline.outcome.status === 'failed') this.#firstFailure ??= timeline.outcome
    else if (timeline.phase === 'measured') this.#succeeded += 1
    this.#context.onRequest(index, timeline)
  }

  #unanswered({ index, phase, client, scheduled }: EngineRequest, outcome: Failure): RequestTimeline {
    const { origin, now } = this.#context
    const job = this.#jobs[index % this.#jobs.length]
    if (job === undefined) throw new Error(`no job for request ${index}`)
    const sentUs = Math.round((scheduled - origin) / 1000)
    const { promptId, part } = job
    const doneUs = Math.round((now() - scheduled) / 1000)
    return { promptId, part, phase, client, outcome, scheduledUs: sentUs, sentUs, doneUs }
  }
}

/** What was sent, or `undefined` where it has not ended a while after it was aborted. */
function orGiveUp<T>(sent: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const given = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => (timer = setTimeout(() => resolve(undefined), stopGraceMs)), { once: true })
  })
  return Promise.race([sent, given]).finally(() => clearTimeout(timer))
}

/** A request that a limit or its user ended has failed for that reason, unless it was complete by then. */
function withFailure(timeline: RequestTimeline, failure: Failure): RequestTimeline {
  return timeline.outcome.status === 'ok' ? timeline : { ...timeline, outcome: failure }
}
