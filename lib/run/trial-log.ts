import type { LaunchRow, TrialRow } from '../domain/plan-data.ts'
import type { Plan } from '../domain/plan.ts'
import type { SpoolRecord, TrialEnd } from '../domain/record.ts'
import { isRetried } from '../store/continue-launch.ts'
import { clientQueue } from '../store/client-queues.ts'
import { failedRequests } from '../store/failed-requests.ts'
import { trialsToDerive } from '../store/measurements.ts'
import { readLaunchTrials, readTrials } from '../store/read-trials.ts'
import type { Store } from '../store/store.ts'
import { deriveMeasurements } from './derive-measurements.ts'
import { cellOf } from './launch-spec.ts'
import type { RunEvent } from './run-event.ts'

type Options = { store: Store; plan: Plan; onEvent: (event: RunEvent) => void; monotonicMs: () => number }
type TrialEnded = Extract<RunEvent, { kind: 'trial-ended' }>

/** Derives the metrics of trials as they end, and tells how far the run is. */
export class TrialLog {
  readonly #options: Options
  readonly #trials: number
  readonly #startedAtMs: number
  /** The trials that have ended and count. */
  readonly #ended = new Set<number>()
  /** Those that were told of. */
  readonly #told = new Set<number>()
  #endedHere = 0

  constructor(options: Options) {
    const { plan, monotonicMs } = options
    this.#options = options
    this.#startedAtMs = monotonicMs()
    this.#trials = plan.launches.reduce((sum, { cellIds }) => sum + cellIds.length, 0)
    this.recount()
  }

  /** Tells how much there is to do, and derives what a killed runner did not. */
  start(): void {
    const { store, plan, onEvent } = this.#options
    for (const trialId of trialsToDerive(store, plan.id)) deriveMeasurements(store, trialId)
    onEvent({ kind: 'started', planId: plan.id, trials: this.#trials, done: this.#ended.size })
  }

  /** Trials that ran, and run once more, do not count any longer. */
  recount(): void {
    const { store, plan } = this.#options
    this.#ended.clear()
    for (const trial of readTrials(store, plan.id)) if (counts(trial)) this.#ended.add(trial.id)
  }

  /** Takes records that have just been committed; what it was given before it passes over. */
  take(launch: LaunchRow, trials: readonly TrialRow[], records: readonly SpoolRecord[]): void {
    for (const record of records) {
      if (record.kind !== 'trial-ended' || this.#told.has(record.trialId)) continue
      const trial = trials.find(({ id }) => id === record.trialId)
      if (trial === undefined) throw new Error(`launch ${launch.id} has no trial ${record.trialId}`)
      const { end, invalid } = record
      this.#tell(trial, { end, invalid, metrics: deriveMeasurements(this.#options.store, trial.id) })
    }
  }

  /** Tells of the trials that have failed with their launch before they were started. */
  launchEnded({ id }: LaunchRow): void {
    for (const trial of readLaunchTrials(this.#options.store, id)) {
      if (trial.status !== 'failed' || trial.reason === undefined || trial.unused) continue
      if (this.#told.has(trial.id) || this.#ended.has(trial.id)) continue
      const end: TrialEnd = { status: 'failed', reason: trial.reason, detail: trial.detail ?? '' }
      this.#tell(trial, { end, invalid: [], metrics: {} })
    }
  }

  #tell({ id, cellId, block, role }: TrialRow, result: Pick<TrialEnded, 'end' | 'invalid' | 'metrics'>): void {
    const { store, plan, onEvent, monotonicMs } = this.#options
    const again = result.end.status === 'failed' && isRetried(store, id)
    this.#told.add(id)
    if (!again) this.#ended.add(id)
    this.#endedHere += 1
    const eachMs = (monotonicMs() - this.#startedAtMs) / this.#endedHere
    const [done, trials] = [this.#ended.size, this.#trials]
    const leftMs = eachMs * (trials - done)
    const failures = failedRequests(store, id)
    const cell = cellOf(plan, cellId)
    const queue = clientQueue(store, id)
    const seen = { ...result, failures, ...(queue && { queue }) }
    onEvent({ kind: 'trial-ended', cell, block, ...(role && { role }), ...seen, again, done, trials, leftMs })
  }
}

const counts = ({ status, unused }: TrialRow) => unused === undefined && (status === 'ok' || status === 'failed')
