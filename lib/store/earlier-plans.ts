import type { Store } from './store.ts'

/** More sessions than anybody repeats: each of them is read whole. */
const mostPlans = 8

// What was measured after a plan is none of its verdicts' business, so that they stay as they are however often its cells are measured again.
const query = `WITH begun AS (SELECT plan, min(started_at_ms) AS at FROM session GROUP BY plan)
SELECT DISTINCT other.plan AS id, b.at
FROM cell own
  JOIN cell other ON other.cell_id = own.cell_id AND other.plan <> own.plan
  JOIN plan p ON p.id = other.plan AND p.compare IS NOT NULL
  JOIN begun b ON b.plan = other.plan
WHERE own.plan = @planId AND b.at < (SELECT at FROM begun WHERE plan = @planId)
ORDER BY b.at DESC, other.plan LIMIT ${mostPlans}`

/** The plans with a declared comparison that have a cell of `planId`, and began before it: the last of them, the latest first. */
export function earlierPlans(store: Store, planId: string): string[] {
  return store.read(() =>
    store
      .sql<{ id: string }>(query)
      .all({ planId })
      .map(({ id }) => id),
  )
}
