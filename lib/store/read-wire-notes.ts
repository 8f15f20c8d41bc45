import type { WireNotes } from '../domain/plan-data.ts'
import type { FailureReason } from '../domain/timeline.ts'
import type { Store } from './store.ts'

const measured = `FROM request r JOIN trial t ON t.id = r.trial JOIN launch l ON l.id = t.launch
       WHERE l.plan = ? AND l.role IS NULL AND t.unused IS NULL AND t.client IS NOT NULL AND r.phase = 'measured'`
const awaited = `${measured} AND coalesce(r.reason, '') <> 'cut-off'`

/** What the measured requests of a plan's trials at servers came to, beside their times. */
export function readWireNotes(store: Store, planId: string): WireNotes[] {
  const failures = Map.groupBy(readFailures(store, planId), ({ trialId }) => trialId)
  const lags = new Map(readSendLags(store, planId).map(({ trialId, lagMs }) => [trialId, lagMs]))
  return readCounts(store, planId).map(({ trialId, reconnected }) => ({
    trialId,
    failures: (failures.get(trialId) ?? []).map(({ reason, n, example }) => ({ reason, n, example })),
    reconnected,
    sendLagMs: lags.get(trialId) ?? 0,
  }))
}

function readFailures(
  store: Store,
  planId: string,
): { trialId: number; reason: FailureReason; n: number; example: string }[] {
  return store
    .sql<{ trialId: number; reason: FailureReason; n: number; example: string }>(
      `SELECT r.trial AS trialId, r.reason, count(*) AS n, coalesce(min(r.detail), '') AS example
       ${awaited} AND r.status = 'failed'
       GROUP BY r.trial, r.reason ORDER BY r.trial, r.reason`,
    )
    .all(planId)
}

type Counts = Pick<WireNotes, 'trialId' | 'reconnected'>

function readCounts(store: Store, planId: string): Counts[] {
  return store
    .sql<Counts>(
      `SELECT r.trial AS trialId, count(r.connect_us) AS reconnected
       ${awaited}
       GROUP BY r.trial ORDER BY r.trial`,
    )
    .all(planId)
}

/** Of each trial the 99th percentile by rank, of up to 100 requests not the latest: one may be late by accident. */
function readSendLags(store: Store, planId: string): { trialId: number; lagMs: number }[] {
  return store
    .sql<{ trialId: number; lagMs: number }>(
      `SELECT trialId, lag / 1000.0 AS lagMs
       FROM (SELECT trialId, lag, row_number() OVER (PARTITION BY trialId ORDER BY lag) AS at, count(*) OVER (PARTITION BY trialId) AS n
             FROM (SELECT r.trial AS trialId,
                     r.sent_us - r.scheduled_us - coalesce(r.pool_wait_us, 0) - coalesce(r.connect_us, 0) AS lag
                   ${measured}))
       WHERE at = max(1, min((99 * n + 99) / 100, n - 1))`,
    )
    .all(planId)
}
