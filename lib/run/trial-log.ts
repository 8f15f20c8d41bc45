import type { LaunchRow, TrialRow } from '../domain/plan-data.ts'
import type { Plan } from '../domain/plan.ts'
import type { SpoolRecord, TrialEnd } from '../domain/record.ts'
import { trialsToDerive } from '../store/measurements.ts'
import { readLaunchTrials, readTrials } from '../store/read-trials.ts'
import type { Store } from '../store/store.ts'
import { deriveMeasurements } from './derive-measurements.ts'
import { cellOf } from './launch-spec.ts'
import type { RunEvent } from './run-event.ts'

type Options = { store: Store; plan: Plan; onEvent: (event: RunEvent) => void; nowMs: () => number }
type TrialEnded = Extract<RunEvent, { kind: 'trial-ended' }>

/** Derives the metrics of trials as they end, and tells how far the run is. */
export class TrialLog {
  readonly #options: Options
  readonly #trials: number
  readonly #startedAtMs: number
  /** The trials that have ended. */
  readonly #ended: Set<number>
  #endedHere = 0

  constructor(options: Options) {
    const { store, plan, nowMs } = options
    this.#options = options
    this.#startedAtMs = nowMs()
    this.#trials = plan.launches.reduce((sum, { cellIds }) => sum + cellIds.length, 0)
    this.#ended = new Set(readTrials(store, plan.id).flatMap((trial) => (hasEnded(trial) ? trial.id : [])))
  }

  /** Tells how much there is to do, and derives what a killed runner did not. */
  start(): void {
    const { store, plan, onEvent } = this.#options
    for (const trialId of trialsToDerive(store, plan.id)) deriveMeasurements(store, trialId)
    onEvent({ kind: 'started', planId: plan.id, trials: this.#trials, done: this.#ended.size })
  }

  /** Takes records that have just been committed. */
  take(launch: LaunchRow, trials: readonly TrialRow[], records: readonly SpoolRecord[]): void {
    for (const record of records) {
      if (record.kind !== 'trial-ended') continue
      const trial = trials.find(({ id }) => id === record.trialId)
      if (trial === undefined) throw new Error(`launch ${launch.id} has no trial ${record.trialId}`)
      const { end, invalid } = record
      this.#tell(trial, { end, invalid, metrics: deriveMeasurements(this.#options.store, trial.id) })
    }
  }

  /** Tells of the trials that have failed with their launch before they were started. */
  launchEnded({ id }: LaunchRow): void {
    for (const trial of readLaunchTrials(this.#options.store, id)) {
      if (trial.status !== 'failed' || trial.reason === undefined || this.#ended.has(trial.id)) continue
      const end: TrialEnd = { status: 'failed', reason: trial.reason, detail: trial.detail ?? '' }
      this.#tell(trial, { end, invalid: [], metrics: {} })
    }
  }

  #tell({ id, cellId, block }: TrialRow, result: Pick<TrialEnded, 'end' | 'invalid' | 'metrics'>): void {
    const { plan, onEvent, nowMs } = this.#options
    this.#ended.add(id)
    this.#endedHere += 1
    const eachMs = (nowMs() - this.#startedAtMs) / this.#endedHere
    const [done, trials] = [this.#ended.size, this.#trials]
    const leftMs = eachMs * (trials - done)
    onEvent({ kind: 'trial-ended', cell: cellOf(plan, cellId), block, ...result, done, trials, leftMs })
  }
}

const hasEnded = ({ status }: TrialRow) => status === 'ok' || status === 'failed'
