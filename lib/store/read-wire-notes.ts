import type { WireNotes } from '../domain/plan-data.ts'
import type { FailureReason } from '../domain/timeline.ts'
import type { Store } from './store.ts'

const counted =
  "l.plan = ? AND t.unused IS NULL AND t.client IS NOT NULL AND r.phase = 'measured' AND coalesce(r.reason, '') <> 'cut-off'"

/** What the requests of a plan's trials at servers came to, beside their times; nothing of trials without anything to note. */
export function readWireNotes(store: Store, planId: string): WireNotes[] {
  const failures = Map.groupBy(readFailures(store, planId), ({ trialId }) => trialId)
  const counts = new Map(readCounts(store, planId).map((row) => [row.trialId, row]))
  const trials = [...new Set([...failures.keys(), ...counts.keys()])].toSorted((a, b) => a - b)
  return trials.map((trialId) => ({
    trialId,
    failures: (failures.get(trialId) ?? []).map(({ reason, n, example }) => ({ reason, n, example })),
    reconnected: counts.get(trialId)?.reconnected ?? 0,
    waited: counts.get(trialId)?.waited ?? 0,
  }))
}

function readFailures(
  store: Store,
  planId: string,
): { trialId: number; reason: FailureReason; n: number; example: string }[] {
  return store
    .sql<{ trialId: number; reason: FailureReason; n: number; example: string }>(
      `SELECT r.trial AS trialId, r.reason, count(*) AS n, coalesce(min(r.detail), '') AS example
       FROM request r JOIN trial t ON t.id = r.trial JOIN launch l ON l.id = t.launch
       WHERE ${counted} AND r.status = 'failed'
       GROUP BY r.trial, r.reason ORDER BY r.trial, r.reason`,
    )
    .all(planId)
}

function readCounts(store: Store, planId: string): { trialId: number; reconnected: number; waited: number }[] {
  return store
    .sql<{ trialId: number; reconnected: number; waited: number }>(
      `SELECT r.trial AS trialId, count(r.connect_us) AS reconnected, count(r.pool_wait_us) AS waited
       FROM request r JOIN trial t ON t.id = r.trial JOIN launch l ON l.id = t.launch
       WHERE ${counted} AND (r.connect_us IS NOT NULL OR r.pool_wait_us IS NOT NULL)
       GROUP BY r.trial ORDER BY r.trial`,
    )
    .all(planId)
}
