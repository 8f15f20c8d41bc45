import { noticeableWait } from '../domain/noticeable-wait.ts'
import type { ClientQueue } from '../domain/plan-data.ts'
import type { Store } from './store.ts'

const { ms, shareOfTtft } = noticeableWait
/** What `waitedForClient` (`measure/`) says, by the `ttft_ms` that was derived; one that failed has none. */
const waited = `(coalesce(r.pool_wait_us, 0) > ${1000 * ms}
           AND r.pool_wait_us > ${1000 * shareOfTtft} * coalesce(json_extract(m.metrics, '$.ttft_ms'), 0))`
const counts = `count(*) AS arrivals, sum${waited} AS waited,
         sum(${waited} AND r.reason = 'cut-off' AND r.done_us = 0) AS unserved`

/** The arrivals of a trial that waited for one of its load's clients; `undefined` where none did. A closed load's never do. */
export function clientQueue(store: Store, trialId: number): ClientQueue | undefined {
  return store.read(() =>
    store
      .sql<ClientQueue>(
        `SELECT r.trial AS trialId, ${counts}
         FROM request r LEFT JOIN measurement m ON m.request = r.id
         WHERE r.trial = ? AND r.phase = 'measured'
         GROUP BY r.trial HAVING waited > 0`,
      )
      .get(trialId),
  )
}

/** The same of each trial of a plan that counts. */
export function clientQueues(store: Store, planId: string): ClientQueue[] {
  return store
    .sql<ClientQueue>(
      `SELECT r.trial AS trialId, ${counts}
       FROM request r JOIN trial t ON t.id = r.trial JOIN launch l ON l.id = t.launch
         LEFT JOIN measurement m ON m.request = r.id
       WHERE l.plan = ? AND t.unused IS NULL AND r.phase = 'measured'
       GROUP BY r.trial HAVING waited > 0 ORDER BY r.trial`,
    )
    .all(planId)
}
