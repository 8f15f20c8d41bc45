import { type Metric, type MetricValue, measurementVersion } from '../domain/metric.ts'
import { parsedOr } from './columns.ts'
import type { Store } from './store.ts'

/** Trials of a plan that have ended and have no metrics yet, or metrics of other definitions; in the order of their ids. */
export function trialsToDerive(store: Store, planId: string): number[] {
  return store.read(() =>
    store
      .sql<{ id: number }>(
        `SELECT t.id FROM trial t JOIN launch l ON l.id = t.launch LEFT JOIN measurement m ON m.trial = t.id
         WHERE l.plan = ? AND t.started_us IS NOT NULL AND t.status IN ('ok', 'failed', 'interrupted')
           AND m.version IS NOT ?
         ORDER BY t.id`,
      )
      .all(planId, measurementVersion)
      .map((row) => row.id),
  )
}

type Measurements = {
  trialId: number
  metrics: Partial<Record<Metric, MetricValue>>
  requests: Iterable<{ id: number; metrics: Partial<Record<Metric, number>> }>
}

/** Writes the metrics of a trial and of its requests in place of those that it had. */
export function writeMeasurements(store: Store, { trialId, metrics, requests }: Measurements): void {
  store.write(() => {
    const insertion = store.sql(
      'INSERT OR REPLACE INTO measurement (trial, request, version, metrics) VALUES (?, ?, ?, ?)',
    )
    insertion.run(trialId, null, measurementVersion, JSON.stringify(metrics))
    for (const { id, metrics: values } of requests) insertion.run(null, id, measurementVersion, JSON.stringify(values))
  })
}

/** Trials of a plan that have ended, with what was derived of each; in the order of their ids. */
export function derivedTrials(store: Store, planId: string): DerivedTrial[] {
  const rows = store.read(() =>
    store
      .sql<{ id: number; version: number | null; metrics: string | null }>(
        `SELECT t.id, m.version, m.metrics
         FROM trial t JOIN launch l ON l.id = t.launch LEFT JOIN measurement m ON m.trial = t.id
         WHERE l.plan = ? AND t.started_us IS NOT NULL AND t.status IN ('ok', 'failed', 'interrupted')
         ORDER BY t.id`,
      )
      .all(planId),
  )
  return rows.map(({ id, version, metrics }) => ({
    id,
    ...(version !== null && { version }),
    metrics: parsedOr<DerivedTrial['metrics']>(metrics, {}),
  }))
}

export type DerivedTrial = {
  id: number
  /** Of the definitions; absent where nothing was derived yet. */
  version?: number
  metrics: Partial<Record<Metric, MetricValue>>
}
