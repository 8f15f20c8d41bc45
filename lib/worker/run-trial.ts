import { type Engine, EngineFailure, type EngineRequest, type Prepared, type PreparedJob } from '../domain/backend.ts'
import type { LoadConfig } from '../domain/cell.ts'
import type { TrialSpec } from '../domain/launch.ts'
import type { Arrival } from '../domain/load-shape.ts'
import type { TrialEnd } from '../domain/record.ts'
import type { Ns, RequestOutcome, RequestTimeline } from '../domain/timeline.ts'
import { loadShapeOf } from '../load/load-shape-of.ts'
import { requestOrder, type OrderOptions, type RequestOrder } from '../prompts/request-order.ts'
import { abortAfter } from './abort-after.ts'
import { watchRequest } from './watchdog.ts'

export type TrialContext = {
  engine: Engine
  now: () => Ns
  origin: Ns
  /** `index` counts from 0 within the phase. */
  onRequest: (index: number, timeline: RequestTimeline) => void
  /** Called when the warm-up has ended, before the first measured request. */
  onMeasured?: () => void
  /** Aborted when the launch is to stop now. */
  signal: AbortSignal
}
export type TrialResult = {
  end: TrialEnd
  /** Whether the engine answered: an engine that does not even stop is not used again. */
  engine: 'usable' | 'stuck'
}

/** How many failures in a row end a load that has no number of requests. */
const hopelessFailures = 100

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
const cutOff: Failure = { status: 'failed', reason: 'cut-off', detail: 'in flight when the duration of the load ended' }
const noneInTime = (load: LoadConfig): Failure => ({
  status: 'failed',
  reason: 'cut-off',
  detail: `no request ended within the load's ${'durationMs' in load ? load.durationMs : 0} ms: raise load.duration, or ask for less`,
})

class TrialRun {
  readonly #trial: TrialSpec
  readonly #context: TrialContext
  readonly #abort = new AbortController()
  /** Aborted when the duration of the load is over. */
  readonly #timeUp = new AbortController()
  #stoppedBy: Failure | undefined
  #firstFailure: Failure | undefined
  #succeeded = 0
  #failedInARow = 0
  #engine: TrialResult['engine'] = 'usable'
  #jobs: Prepared['jobs'] = []
  /** Of the phase that runs. */
  #order: RequestOrder | undefined

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
    const { load, warmup } = this.#trial
    // As many as there are clients for each: every one has been at work before anything is measured.
    await this.#drivePhase('warmup', warmup.requests * load.clients)
    this.#context.onMeasured?.()
    const timer = 'durationMs' in load ? abortAfter(load.durationMs, this.#context.now, this.#timeUp) : undefined
    await this.#drivePhase('measured', requests)
    timer?.stop()
  }

  async #drivePhase(phase: RequestTimeline['phase'], requests: number): Promise<void> {
    const { now } = this.#context
    const { workload, orderSeed: seed } = this.#trial
    this.#order = requestOrder({ jobs: this.#jobs, kind: orderOf(workload), seed })
    await loadShapeOf(this.#trial.load).drive(requests, {
      now,
      signal: AbortSignal.any([this.#abort.signal, this.#timeUp.signal]),
      sleepUntil: async () => {},
      send: (arrival) => this.#send(phase, arrival),
    })
  }

  result(): TrialResult {
    if (this.#stoppedBy) return { end: this.#stoppedBy, engine: this.#engine }
    const failure = this.#firstFailure ?? (this.#timeUp.signal.aborted ? noneInTime(this.#trial.load) : undefined)
    if (this.#succeeded === 0 && failure) return { end: failure, engine: this.#engine }
    return { end: { status: 'ok' }, engine: this.#engine }
  }

  async #send(phase: RequestTimeline['phase'], { index, client, scheduled }: Arrival): Promise<void> {
    const { engine, now } = this.#context
    const expiry = new AbortController()
    let expired: Failure | undefined
    const watch = watchRequest(this.#trial.limits, now, (why) => {
      expired = { status: 'failed', ...why }
      expiry.abort()
    })
    const signal = AbortSignal.any([this.#abort.signal, expiry.signal])
    const end = AbortSignal.any([signal, this.#timeUp.signal])
    const job = (this.#order as RequestOrder).next(client, index)
    const request = { trial: this.#trial, index, job, phase, client, scheduled }
    // One that is cut off may take in the rest of its prompt before it notices: only its own limits hurry it.
    const timeline = await orGiveUp(engine.send(request, watch.onContent, end), signal)
    watch.stop()
    const failure = expired ?? this.#stoppedBy ?? (this.#timeUp.signal.aborted ? cutOff : stopped)
    if (timeline !== undefined) return this.#record(index, end.aborted ? withFailure(timeline, failure) : timeline)
    this.#engine = 'stuck'
    this.#record(index, this.#unanswered(request, failure))
    this.stop(failure)
  }

  #record(index: number, timeline: RequestTimeline): void {
    const { outcome, phase, client } = timeline
    if (outcome.status === 'failed') this.#order?.abandon(client)
    if (outcome.status === 'ok') {
      this.#failedInARow = 0
      if (phase === 'measured') this.#succeeded += 1
    } else if (outcome.reason !== 'cut-off') {
      this.#firstFailure ??= outcome
      this.#failedInARow += 1
    }
    this.#context.onRequest(index, timeline)
    // An engine that refuses at once would be asked, and its refusals kept, until the duration ends.
    if ('durationMs' in this.#trial.load && this.#failedInARow >= hopelessFailures && outcome.status === 'failed')
      this.stop(outcome)
  }

  #unanswered({ job, phase, client, scheduled }: EngineRequest, outcome: Failure): RequestTimeline {
    const { origin, now } = this.#context
    const sentUs = Math.round((scheduled - origin) / 1000)
    const { promptId, part } = this.#jobs[job] as PreparedJob
    const doneUs = Math.round((now() - scheduled) / 1000)
    return { promptId, part, phase, client, outcome, scheduledUs: sentUs, sentUs, doneUs }
  }
}

/** Prompts in an order that the trial's seed draws; what has an order of its own keeps it. */
const orderOf = (workload: TrialSpec['workload']): OrderOptions['kind'] =>
  'prompts' in workload ? (workload.order ?? 'shared') : 'listed'

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
