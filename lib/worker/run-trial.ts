import { type Engine, EngineFailure, type Prepared, type PreparedJob } from '../domain/backend.ts'
import type { LoadConfig } from '../domain/cell.ts'
import type { TrialSpec } from '../domain/launch.ts'
import type { Arrival, LoadContext, LoadShape } from '../domain/load-shape.ts'
import type { TrialEnd } from '../domain/record.ts'
import type { Ns, RequestTimeline } from '../domain/timeline.ts'
import { arrivalSeed } from '../load/arrivals.ts'
import { closedLoop } from '../load/closed-loop.ts'
import { loadShapeOf } from '../load/load-shape-of.ts'
import { inWhole, type Share, shareOf, shareOfLoad, wholeLoad } from '../load/share.ts'
import { type OrderOptions, requestOrder, type RequestOrder } from '../prompts/request-order.ts'
import { callAfter } from './call-after.ts'
import { type Failure, Flight } from './flight.ts'
import { roughSleep } from './sleep-until.ts'
import { endOf } from './why-lost.ts'
import { withFailure } from './with-failure.ts'

export type TrialContext = {
  engine: Engine
  now: () => Ns
  origin: Ns
  /** For an open load; the clients of a closed one, many that sleep at once, begin by timers. */
  sleepUntil: LoadContext['sleepUntil']
  /** `index` counts from 0 within the phase. */
  onRequest: (index: number, timeline: RequestTimeline) => void
  /** Called when the warm-up has ended, before the first measured request. */
  onMeasured?: () => void
  /** Aborted when the launch is to stop now. */
  signal: AbortSignal
  /** What of the load this process drives, where several do; absent: all of it. */
  share?: Share
  /** Resolves when the warm-up of all processes that drive the load has ended. */
  warmedUp?: () => Promise<void>
}
export type TrialResult = {
  end: TrialEnd
  /** Whether the engine answered: an engine that does not even stop is not used again. */
  engine: 'usable' | 'stuck'
}

/**
 * How many failures in a row end a closed load that has no number of requests. An open load goes on: its schedule is an end, and
 * a server that sheds what is too much for it is what it is there to measure.
 */
const hopelessFailures = 100

/** Runs a trial's warm-up and its measured requests; whatever goes wrong is in the result. */
export async function runTrial(trial: TrialSpec, context: TrialContext): Promise<TrialResult> {
  const run = new TrialRun(trial, context)
  const timer = setTimeout(() => run.stop(timedOut(trial.limits.trialMs)), trial.limits.trialMs)
  const onAbort = () => run.stop(whyStopped(context.signal.reason))
  context.signal.addEventListener('abort', onAbort, { once: true })
  if (context.signal.aborted) onAbort() // before there was a trial to be stopped
  try {
    const load = shareOfLoad(trial.load, context.share ?? wholeLoad)
    await run.drive(await context.engine.prepare({ ...trial, load }))
    return run.result()
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error
    return { end: { status: 'failed', reason: error.reason, detail: error.message }, engine: 'usable' }
  } finally {
    clearTimeout(timer)
    context.signal.removeEventListener('abort', onAbort)
  }
}

const timedOut = (ms: number): Failure => ({
  status: 'failed',
  reason: 'trial-timeout',
  detail: `the trial did not end within ${ms} ms`,
})
const stopped: Failure = { status: 'failed', reason: 'stopped', detail: 'stopped by its user' }
/** Its user stops it, or its engine has ended by itself. */
const whyStopped = (reason: unknown) => (reason instanceof EngineFailure ? endOf(reason) : stopped)
const cutOff: Failure = {
  status: 'failed',
  reason: 'cut-off',
  detail: 'in flight, or waiting for a client, when the duration of the load ended',
}
const noneInTime = (load: LoadConfig): Failure => ({
  status: 'failed',
  reason: 'cut-off',
  detail: `no request ended within the load's ${'durationMs' in load ? load.durationMs : 0} ms: raise load.duration, or ask for less`,
})

class TrialRun {
  readonly #trial: TrialSpec
  readonly #context: TrialContext
  readonly #share: Share
  /** Aborted when nothing more is to be sent. */
  readonly #over = new AbortController()
  readonly #flights = new Set<Flight>()
  readonly #warmupUs: number[] = []
  #stoppedBy: Failure | undefined
  #timeIsUp = false
  /** Of the load's duration. */
  #timer: ReturnType<typeof callAfter> | undefined
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
    this.#share = context.share ?? wholeLoad
  }

  stop(why: Failure): void {
    this.#stoppedBy ??= why
    this.#over.abort()
    for (const flight of this.#flights) flight.stop()
  }

  async drive({ jobs, requests }: Prepared): Promise<void> {
    this.#jobs = jobs
    const { load, orderSeed, warmup } = this.#trial
    const share = this.#share
    const clients = shareOf(load.clients, share)
    // As many as there are clients for each: every one has been at work before anything is measured.
    await this.#drivePhase('warmup', closedLoop(clients), warmup.requests * clients)
    await this.#context.warmedUp?.()
    if (this.#over.signal.aborted) return
    this.#context.onMeasured?.()
    const seed = load.kind === 'closed' ? 0 : arrivalSeed(load.seed, orderSeed)
    const spread = load.clients > 1 ? 1000 * middleOf(this.#warmupUs) : 0
    const shape = loadShapeOf(load, { seed, spread, share })
    await this.#drivePhase('measured', shape, requests)
    this.#timer?.stop()
  }

  /** A load's duration counts from when its first request has left, or could not. */
  #beginDuration(): void {
    const { load } = this.#trial
    if ('durationMs' in load) this.#timer ??= callAfter(load.durationMs, this.#context.now, () => this.#cutOff())
  }

  async #drivePhase(phase: RequestTimeline['phase'], shape: LoadShape, requests: number): Promise<void> {
    const { now } = this.#context
    const { workload, load, orderSeed: seed } = this.#trial
    const sleepUntil = load.kind === 'closed' ? roughSleep(now) : this.#context.sleepUntil
    this.#order = requestOrder({ jobs: this.#jobs, kind: orderOf(workload), seed, ...this.#share })
    const send = (arrival: Arrival) => this.#send(phase, arrival)
    const driven = shape.drive(requests, { now, sleepUntil, send, signal: this.#over.signal })
    // Processes that share a schedule share its end too, whenever the first arrival of each is due.
    if (phase === 'measured' && load.kind !== 'closed' && this.#share.parts > 1) this.#beginDuration()
    await driven
  }

  /** The duration of the load is over. */
  #cutOff(): void {
    this.#timeIsUp = true
    this.#over.abort()
    for (const flight of this.#flights) flight.cutOff()
  }

  result(): TrialResult {
    if (this.#stoppedBy) return { end: this.#stoppedBy, engine: this.#engine }
    const failure = this.#firstFailure ?? (this.#timeIsUp ? noneInTime(this.#trial.load) : undefined)
    if (this.#succeeded === 0 && failure) return { end: failure, engine: this.#engine }
    return { end: { status: 'ok' }, engine: this.#engine }
  }

  async #send(phase: RequestTimeline['phase'], arrival: Arrival): Promise<void> {
    const { engine, now } = this.#context
    const { client, scheduled } = arrival
    const index = inWhole(arrival.index, this.#share)
    const job = (this.#order as RequestOrder).next(inWhole(client, this.#share), index)
    const asked = { ...arrival, phase, index, job }
    if (this.#over.signal.aborted) return this.#record(asked, this.#unsent(asked))
    const flight = new Flight()
    this.#flights.add(flight)
    const onSent = phase === 'measured' && { onSent: () => this.#beginDuration() }
    const request = { trial: this.#trial, index, job, phase, client, scheduled, ...onSent }
    const timeline = await flight.send(engine, request, { limits: this.#trial.limits, now })
    this.#flights.delete(flight)
    const failure = flight.expired ?? this.#why()
    if (timeline !== undefined)
      return this.#record(asked, flight.wasEnded ? withFailure(timeline, failure, flight.expired) : timeline)
    this.#engine = 'stuck'
    this.#record(asked, this.#unanswered(asked, failure))
    this.stop(failure)
  }

  /** Why nothing more is sent. */
  #why(): Failure {
    return this.#stoppedBy ?? (this.#timeIsUp ? cutOff : stopped)
  }

  #record({ index, poolWait }: Asked, timeline: RequestTimeline): void {
    const { outcome, phase, doneUs } = timeline
    if (phase === 'measured') this.#beginDuration()
    if (outcome.status === 'ok') {
      this.#failedInARow = 0
      if (phase === 'measured') this.#succeeded += 1
      else this.#warmupUs.push(doneUs)
    } else if (outcome.reason !== 'cut-off') {
      this.#firstFailure ??= outcome
      this.#failedInARow += 1
    }
    const client = inWhole(timeline.client, this.#share)
    if (outcome.status === 'failed') this.#order?.abandon(client)
    const poolWaitUs = toUs(poolWait)
    this.#context.onRequest(index, { ...timeline, client, ...(poolWaitUs > 0 && { poolWaitUs }) })
    // An engine that refuses at once would be asked, and its refusals kept, until the duration ends.
    const { load } = this.#trial
    const isEndless = load.kind === 'closed' && 'durationMs' in load
    if (isEndless && this.#failedInARow >= hopelessFailures && outcome.status === 'failed') this.stop(outcome)
  }

  /** It was due, and nothing more was to be sent: `sentUs` is when it was given up. */
  #unsent(asked: Asked): RequestTimeline {
    const at = this.#context.now()
    return this.#withoutAnswer(asked, { sentAt: at, endedAt: at }, this.#why())
  }

  #unanswered(asked: Asked, outcome: Failure): RequestTimeline {
    const times = { sentAt: asked.scheduled + asked.poolWait, endedAt: this.#context.now() }
    return this.#withoutAnswer(asked, times, outcome)
  }

  #withoutAnswer(
    { job, phase, client, scheduled }: Asked,
    { sentAt, endedAt }: { sentAt: Ns; endedAt: Ns },
    outcome: Failure,
  ): RequestTimeline {
    const { origin } = this.#context
    const { promptId, part } = this.#jobs[job] as PreparedJob
    const times = {
      scheduledUs: toUs(scheduled - origin),
      sentUs: toUs(sentAt - origin),
      doneUs: toUs(endedAt - sentAt),
    }
    return { promptId, part, phase, client, outcome, ...times }
  }
}

type Asked = Arrival & Pick<RequestTimeline, 'phase'> & { job: number }

const toUs = (ns: Ns) => Math.round(ns / 1000)
/** The median of what was seen; 0 of nothing. */
const middleOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** Prompts in an order that the trial's seed draws; what has an order of its own keeps it. */
const orderOf = (workload: TrialSpec['workload']): OrderOptions['kind'] =>
  'prompts' in workload ? (workload.order ?? 'shared') : 'listed'
