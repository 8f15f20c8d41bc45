import type { FailureReason } from '../domain/timeline.ts'
import type { Store } from './store.ts'

type Counts = Partial<Record<FailureReason, number>>

/** The measured requests of a trial that failed, by reason, the most frequent first; those that its end cut off are no failures. */
export function failedRequests(store: Store, trialId: number): Counts {
  const rows = store.read(() =>
    store
      .sql<{ reason: FailureReason; n: number }>(
        `SELECT reason, count(*) AS n FROM request
         WHERE trial = ? AND phase = 'measured' AND status = 'failed' AND reason <> 'cut-off'
         GROUP BY reason ORDER BY n DESC, reason`,
      )
      .all(trialId),
  )
  return Object.fromEntries(rows.map(({ reason, n }) => [reason, n]))
}
