import { noticeableWait } from '../domain/noticeable-wait.ts'
import type { ClientQueue } from '../domain/plan-data.ts'
import type { Store } from './store.ts'

const { ms, shareOfTtft } = noticeableWait
/**
 * What `waitedForClient` (`measure/`) says, by the `ttft_ms` that was derived; one that failed has none. Most waited for nobody: of
 * those nothing else is looked up, which of a million requests would take longer than all else that is read beside them.
 */
const waited = `r.phase = 'measured' AND r.pool_wait_us > ${1000 * ms} AND r.pool_wait_us > ${1000 * shareOfTtft} * coalesce(
  (SELECT json_extract(m.metrics, '$.ttft_ms') FROM measurement m WHERE m.request = r.id), 0)`
const counted = `r.trial AS trialId,
  (SELECT count(*) FROM request a WHERE a.trial = r.trial AND a.phase = 'measured') AS arrivals,
  count(*) AS waited, sum(coalesce(r.reason = 'cut-off', 0) AND r.done_us = 0) AS unserved`

/** The arrivals of a trial that waited for one of its load's clients; `undefined` where none did. A closed load's never do. */
export function clientQueue(store: Store, trialId: number): ClientQueue | undefined {
  return store.read(() =>
    store
      .sql<ClientQueue>(`SELECT ${counted} FROM request r WHERE r.trial = ? AND ${waited} GROUP BY r.trial`)
      .get(trialId),
  )
}

/** The same of each trial of a plan that counts. */
export function clientQueues(store: Store, planId: string): ClientQueue[] {
  return store
    .sql<ClientQueue>(
      `SELECT ${counted}
       FROM launch l JOIN trial t ON t.launch = l.id JOIN request r ON r.trial = t.id
       WHERE l.plan = ? AND l.role IS NULL AND t.unused IS NULL AND ${waited}
       GROUP BY r.trial ORDER BY r.trial`,
    )
    .all(planId)
}
