import { deriveRequest } from '../measure/derive-request.ts'
import { deriveTrial, type TrialMetrics } from '../measure/derive-trial.ts'
import { writeMeasurements } from '../store/measurements.ts'
import { readTrialDetail } from '../store/read-trial-detail.ts'
import type { Store } from '../store/store.ts'

/** Derives a trial's metrics and those of its requests from what the store has of it, and writes them beside it. */
export function deriveMeasurements(store: Store, trialId: number): TrialMetrics {
  const { requests, ...around } = readTrialDetail(store, trialId)
  const metrics = deriveTrial({ requests: requests.map(({ timeline }) => timeline), ...around })
  const ofRequests = requests.map(({ id, timeline }) => ({ id, metrics: deriveRequest(timeline) }))
  writeMeasurements(store, { trialId, metrics, requests: ofRequests })
  return metrics
}
