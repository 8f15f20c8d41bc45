import type { LaunchRow } from '../domain/plan-data.ts'
import { type Nullable, present } from './columns.ts'
import type { Store } from './store.ts'

type Columns = Nullable<Omit<LaunchRow, 'outcome'>> & { outcome: string | null }

const selection = `SELECT id, ordinal, block, arm, stratum, device, role, attempt, continues, status, outcome,
  load_ms AS loadMs, manifest AS manifestDigest, spool, spool_offset AS spoolOffset FROM launch`

function toLaunch(columns: Columns): LaunchRow {
  const { outcome, ...row } = present(columns)
  return {
    ...(row as Omit<LaunchRow, 'outcome'>),
    ...(outcome !== undefined && { outcome: JSON.parse(outcome) as NonNullable<LaunchRow['outcome']> }),
  }
}

/** All launches of a plan in the order in which they run: one that continues another comes after it. */
export function readLaunches(store: Store, planId: string): LaunchRow[] {
  return store
    .read(() => store.sql<Columns>(`${selection} WHERE plan = ? ORDER BY ordinal, attempt, id`).all(planId))
    .map(toLaunch)
}

/** One launch. */
export function readLaunch(store: Store, launchId: number): LaunchRow {
  const row = store.read(() => store.sql<Columns>(`${selection} WHERE id = ?`).get(launchId))
  if (row === undefined) throw new Error(`no launch ${launchId} in the store`)
  return toLaunch(row)
}

/** The launch that is to run next; `undefined` where none is pending. */
export function nextPendingLaunch(store: Store, planId: string): LaunchRow | undefined {
  const row = store.read(() =>
    store
      .sql<Columns>(`${selection} WHERE plan = ? AND status = 'pending' ORDER BY ordinal, attempt, id LIMIT 1`)
      .get(planId),
  )
  return row && toLaunch(row)
}

/** Marks a launch as running, with the place of its spool. */
export function markStarted(
  store: Store,
  { launchId, sessionId, spool }: { launchId: number; sessionId: number; spool: string },
): void {
  store.write(() => {
    const { changes } = store
      .sql(`UPDATE launch SET status = 'running', session = ?, spool = ? WHERE id = ? AND status = 'pending'`)
      .run(sessionId, spool, launchId)
    if (changes !== 1) throw new Error(`launch ${launchId} is not pending`)
  })
}
