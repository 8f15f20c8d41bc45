import { isDeepStrictEqual } from 'node:util'
import { type Metric, measurementVersion } from '../domain/metric.ts'
import { type DerivedTrial, derivedTrials, writeMeasurements } from '../store/measurements.ts'
import type { Store } from '../store/store.ts'
import { derivedOf } from './derive-measurements.ts'

/** What deriving again has changed. */
export type Rederived = {
  trials: number
  requests: number
  changedTrials: number
  changedRequests: number
  /** Of each metric, how many values of trials and requests are other than they were. */
  changedMetrics: Partial<Record<Metric, number>>
  /** Trials by the version of the definitions that they were derived with; `none` where nothing had been. */
  before: Record<string, number>
  after: number
}

/** Trials that are written in one transaction. */
const batchTrials = 10

/**
 * Derives every metric of a plan from its raw timings and writes those that are not what they were. Killed and begun again it
 * goes on: what was written stays, and is found unchanged.
 */
export function deriveAgain(store: Store, planId: string): Rederived {
  const found: Rederived = {
    trials: 0,
    requests: 0,
    changedTrials: 0,
    changedRequests: 0,
    changedMetrics: {},
    before: {},
    after: measurementVersion,
  }
  const trials = derivedTrials(store, planId)
  for (let from = 0; from < trials.length; from += batchTrials) {
    const batch = trials.slice(from, from + batchTrials)
    store.write(() => {
      for (const trial of batch) deriveOne(store, trial, found)
    })
  }
  return found
}

function deriveOne(store: Store, trial: DerivedTrial, found: Rederived): void {
  const derived = derivedOf(store, trial.id)
  const changed = derived.requests.filter(({ before, metrics: now }) => count(before, now, found))
  const trialChanged = count(trial.metrics, derived.metrics, found)
  const version = String(trial.version ?? 'none')
  found.before[version] = (found.before[version] ?? 0) + 1
  found.trials += 1
  found.requests += derived.requests.length
  found.changedTrials += trialChanged ? 1 : 0
  found.changedRequests += changed.length
  if (trialChanged || changed.length > 0 || trial.version !== measurementVersion) writeMeasurements(store, derived)
}

/** Whether anything differs; what does is counted. */
function count<V>(before: Partial<Record<Metric, V>>, now: Partial<Record<Metric, V>>, found: Rederived): boolean {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])] as Metric[]
  const differing = names.filter((name) => !isDeepStrictEqual(before[name], now[name]))
  for (const name of differing) found.changedMetrics[name] = (found.changedMetrics[name] ?? 0) + 1
  return differing.length > 0
}
