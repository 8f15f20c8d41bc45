import type { Metric } from '../domain/metric.ts'
import { deriveRequest } from '../measure/derive-request.ts'
import { deriveTrial, type TrialMetrics } from '../measure/derive-trial.ts'
import { writeMeasurements } from '../store/measurements.ts'
import { readTrialDetail } from '../store/read-trial-detail.ts'
import type { Store } from '../store/store.ts'

/** What was derived of a trial and of its requests; `before` is what a request had until now. */
export type Derived = {
  trialId: number
  metrics: TrialMetrics
  requests: { id: number; before: Partial<Record<Metric, number>>; metrics: Partial<Record<Metric, number>> }[]
}

/** Derives a trial's metrics and those of its requests from what the store has of it. */
export function derivedOf(store: Store, trialId: number): Derived {
  const { requests, ...around } = readTrialDetail(store, trialId)
  return {
    trialId,
    metrics: deriveTrial({ requests: requests.map(({ timeline }) => timeline), ...around }),
    requests: requests.map(({ id, timeline, metrics: before }) => ({
      id,
      before,
      metrics: deriveRequest(timeline, around.expected),
    })),
  }
}

/** Derives them, and writes them beside what they come from. */
export function deriveMeasurements(store: Store, trialId: number): TrialMetrics {
  const derived = derivedOf(store, trialId)
  writeMeasurements(store, derived)
  return derived.metrics
}
