import { insertTrial } from './insert-plan.ts'
import type { Store } from './store.ts'

const leftOver = `status IN ('pending', 'interrupted')`

/** The ended launches of a plan that left trials over, and that no other launch continues yet; in order. */
export function launchesToContinue(store: Store, planId: string): number[] {
  return store.read(() =>
    store
      .sql<{ id: number }>(
        `SELECT l.id FROM launch l
         WHERE l.plan = ? AND l.status IN ('failed', 'interrupted')
           AND NOT EXISTS (SELECT 1 FROM launch n WHERE n.continues = l.id)
           AND EXISTS (SELECT 1 FROM trial t WHERE t.launch = l.id AND t.${leftOver})
         ORDER BY l.ordinal, l.attempt`,
      )
      .all(planId)
      .map((row) => row.id),
  )
}

/**
 * Plans a launch that goes on for one of `launchesToContinue`, directly after it: what that left over gets new pending trials.
 * The old ones keep what they had, and are interrupted. Returns the new launch's id.
 */
export function continueLaunch(store: Store, launchId: number): number {
  return store.write(() => {
    const cells = store
      .sql<{ cell: number }>(`SELECT cell FROM trial WHERE launch = ? AND ${leftOver} ORDER BY id`)
      .all(launchId)
    const inserted = store
      .sql(
        `INSERT INTO launch (plan, ordinal, block, arm, stratum, device, attempt, continues)
         SELECT plan, ordinal, block, arm, stratum, device, attempt + 1, id FROM launch
         WHERE id = ? AND status IN ('failed', 'interrupted')`,
      )
      .run(launchId)
    if (cells.length === 0 || inserted.changes !== 1) throw new Error(`launch ${launchId} left nothing to continue`)
    const next = Number(inserted.lastInsertRowid)
    for (const { cell } of cells) insertTrial(store, next, cell)
    store
      .sql(`UPDATE trial SET status = 'interrupted', unused = 'interrupted' WHERE launch = ? AND ${leftOver}`)
      .run(launchId)
    return next
  })
}
