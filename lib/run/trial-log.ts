import type { LaunchRow, TrialRow } from '../domain/plan-data.ts'
import type { Plan } from '../domain/plan.ts'
import type { SpoolRecord } from '../domain/record.ts'
import { trialsToDerive } from '../store/measurements.ts'
import { readTrials } from '../store/read-trials.ts'
import type { Store } from '../store/store.ts'
import { deriveMeasurements } from './derive-measurements.ts'
import { cellOf } from './launch-spec.ts'
import type { RunEvent } from './run-event.ts'

type Options = { store: Store; plan: Plan; onEvent: (event: RunEvent) => void; nowMs: () => number }
type TrialEnded = Extract<SpoolRecord, { kind: 'trial-ended' }>

/** Derives the metrics of trials as they end, and tells how far the run is. */
export class TrialLog {
  readonly #options: Options
  readonly #trials: number
  readonly #startedAtMs: number
  #done: number
  #doneHere = 0

  constructor(options: Options) {
    const { store, plan, nowMs } = options
    this.#options = options
    this.#startedAtMs = nowMs()
    this.#trials = plan.launches.reduce((sum, { cellIds }) => sum + cellIds.length, 0)
    this.#done = readTrials(store, plan.id).filter(hasEnded).length
  }

  /** Tells how much there is to do, and derives what a killed runner did not. */
  start(): void {
    const { store, plan, onEvent } = this.#options
    for (const trialId of trialsToDerive(store, plan.id)) deriveMeasurements(store, trialId)
    onEvent({ kind: 'started', planId: plan.id, trials: this.#trials, done: this.#done })
  }

  /** Takes records that have just been committed. */
  take(launch: LaunchRow, trials: readonly TrialRow[], records: readonly SpoolRecord[]): void {
    for (const record of records) {
      if (record.kind !== 'trial-ended') continue
      const trial = trials.find(({ id }) => id === record.trialId)
      if (trial === undefined) throw new Error(`launch ${launch.id} has no trial ${record.trialId}`)
      this.#tell(launch, trial.cellId, record)
    }
  }

  #tell({ block }: LaunchRow, cellId: string, { trialId, end, invalid }: TrialEnded): void {
    const { store, plan, onEvent, nowMs } = this.#options
    const metrics = deriveMeasurements(store, trialId)
    this.#done += 1
    this.#doneHere += 1
    const eachMs = (nowMs() - this.#startedAtMs) / this.#doneHere
    const [done, trials] = [this.#done, this.#trials]
    const leftMs = eachMs * (trials - done)
    onEvent({ kind: 'trial-ended', cell: cellOf(plan, cellId), block, end, invalid, metrics, done, trials, leftMs })
  }
}

const hasEnded = ({ status }: TrialRow) => status === 'ok' || status === 'failed'
