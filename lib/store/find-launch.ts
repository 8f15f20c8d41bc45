import type { LaunchRow } from '../domain/plan-data.ts'
import { readLaunch } from './launches.ts'
import type { Store } from './store.ts'

type Found = LaunchRow & { planId: string }

/** The launch of an id, or that hosts the trial of an id; `undefined` where the store has none. */
export function findLaunch(store: Store, what: 'launch' | 'trial', id: number): Found | undefined {
  const sql =
    what === 'launch'
      ? 'SELECT id, plan AS planId FROM launch WHERE id = ?'
      : 'SELECT l.id, l.plan AS planId FROM trial t JOIN launch l ON l.id = t.launch WHERE t.id = ?'
  return store.read(() => {
    const row = store.sql<{ id: number; planId: string }>(sql).get(id)
    return row && { ...readLaunch(store, row.id), planId: row.planId }
  })
}
