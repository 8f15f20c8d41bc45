import type { Store } from './store.ts'

/** Mean milliseconds that things took. */
export type Costs = {
  /** A trial, by its cell's id. */
  trialMs: ReadonlyMap<string, number>
  /** All of a launch but its trials, by its arm: starting the engine and loading the model. */
  launchMs: ReadonlyMap<string, number>
}

type Row = { key: string; ms: number }

// A clock that was set back while a launch ran must not make it cheap. Of one that has not ended, the loading is known.
const launchCosts = `SELECT l.arm AS key, avg(CASE WHEN l.status = 'ok' THEN max(l.load_ms, l.ended_at_ms - l.claimed_at_ms -
    (SELECT coalesce(sum(t.ended_us - t.started_us), 0) / 1000.0 FROM trial t WHERE t.launch = l.id)) ELSE l.load_ms END) AS ms
  FROM launch l WHERE l.load_ms IS NOT NULL AND l.plan`
const trialCosts = `SELECT c.cell_id AS key, avg(t.ended_us - t.started_us) / 1000.0 AS ms
  FROM cell c JOIN trial t ON t.cell = c.id WHERE t.status = 'ok' AND t.ended_us IS NOT NULL AND c`

/** What the trials of a plan took that are measured already. */
export function costsOf(store: Store, planId: string): Costs {
  return costs(store, [planId], {
    trials: `${trialCosts}.plan = ? GROUP BY c.cell_id`,
    launches: `${launchCosts} = ? GROUP BY l.arm`,
  })
}

/** What the same cells took in whatever plan. */
export function costsOfCells(store: Store, cellIds: readonly string[]): Costs {
  const among = `IN (SELECT value FROM json_each(?))`
  return costs(store, [JSON.stringify(cellIds)], {
    trials: `${trialCosts}.cell_id ${among} GROUP BY c.cell_id`,
    launches: `${launchCosts} IN (SELECT plan FROM cell WHERE cell_id ${among}) GROUP BY l.arm`,
  })
}

function costs(store: Store, bound: readonly string[], sql: { trials: string; launches: string }): Costs {
  const byKey = (text: string) =>
    new Map(
      store
        .sql<Row>(text)
        .all(...bound)
        .map(({ key, ms }) => [key, ms] as const),
    )
  return store.read(() => ({ trialMs: byKey(sql.trials), launchMs: byKey(sql.launches) }))
}
