import type { Unused } from '../domain/plan-data.ts'
import { passingFailures } from '../domain/passing-failures.ts'
import { insertTrial } from './insert-plan.ts'
import type { Store } from './store.ts'

/** Trials that are to run again, and the launch that the new one goes on for: the last of those with its place in the plan. */
export type Leftover = { launchId: number; trialIds: number[] }

const leftOver = `t.status IN ('pending', 'interrupted')`
const retriesLeft = `json_extract(c.limits, '$.retries') >
  (SELECT count(*) FROM trial o JOIN launch ol ON ol.id = o.launch
   WHERE ol.plan = l.plan AND ol.ordinal = l.ordinal AND o.cell = t.cell AND o.unused = 'retried')`
// A failure that may pass, of a trial that has not been retried as often as its limits have it.
const retried = `t.status = 'failed' AND t.reason IN (SELECT value FROM json_each(@passing)) AND ${retriesLeft}`
const passing = JSON.stringify(passingFailures)
const last = `NOT EXISTS (SELECT 1 FROM launch n WHERE n.continues = l.id)`

/** What the ended launches of a plan left over and no other launch goes on for yet: trials that did not end, or are retried; in order. */
export function leftovers(store: Store, planId: string): Leftover[] {
  return byLaunch(store, { planId, trials: `t.launch = l.id AND (${leftOver} OR ${retried})`, bind: { passing } })
}

/** Every trial of a plan that has failed and counts, of whatever reason. */
export function failures(store: Store, planId: string): Leftover[] {
  const ofPlace = `t.launch IN (SELECT o.id FROM launch o WHERE o.plan = l.plan AND o.ordinal = l.ordinal)`
  return byLaunch(store, { planId, trials: `${ofPlace} AND t.status = 'failed'`, bind: {} })
}

function byLaunch(
  store: Store,
  { planId, trials, bind }: { planId: string; trials: string; bind: object },
): Leftover[] {
  const rows = store.read(() =>
    store
      .sql<{ launchId: number; trialId: number }>(
        `SELECT l.id AS launchId, t.id AS trialId FROM launch l JOIN trial t ON ${trials} JOIN cell c ON c.id = t.cell
         WHERE l.plan = @planId AND l.status IN ('ok', 'failed', 'interrupted') AND t.unused IS NULL AND ${last}
         ORDER BY l.ordinal, t.id`,
      )
      .all({ planId, ...bind }),
  )
  const groups = Map.groupBy(rows, (row) => row.launchId)
  return [...groups].map(([launchId, of]) => ({ launchId, trialIds: of.map(({ trialId }) => trialId) }))
}

/** Whether a trial that has failed is to run again. */
export function isRetried(store: Store, trialId: number): boolean {
  const sql = `SELECT 1 FROM trial t JOIN launch l ON l.id = t.launch JOIN cell c ON c.id = t.cell
    WHERE t.id = @trialId AND t.unused IS NULL AND ${retried}`
  return store.read(() => store.sql(sql).get({ trialId, passing }) !== undefined)
}

/**
 * Plans a launch that goes on for another, directly after it: what was left over gets new pending trials. The old ones keep
 * what they had, and are marked as unused. Returns the new launch's id.
 */
export function continueLaunch(store: Store, { launchId, trialIds }: Leftover): number {
  return store.write(() => {
    const next = insertNext(store, launchId)
    const ids = JSON.stringify(trialIds)
    const copied = store
      .sql(
        `INSERT INTO trial (launch, cell)
         SELECT ?, cell FROM trial WHERE id IN (SELECT value FROM json_each(?)) AND unused IS NULL ORDER BY id`,
      )
      .run(next, ids)
    if (trialIds.length === 0 || copied.changes !== trialIds.length)
      throw new Error(`launch ${launchId} left nothing to continue`)
    store
      .sql(
        `UPDATE trial SET unused = CASE status WHEN 'failed' THEN 'retried' ELSE 'interrupted' END,
           status = CASE status WHEN 'pending' THEN 'interrupted' ELSE status END
         WHERE id IN (SELECT value FROM json_each(?))`,
      )
      .run(ids)
    return next
  })
}

/** Plans all that a launch and those before it in its place measured once more, as it was planned. Returns the launch that does. */
export function repeatLaunch(store: Store, launchId: number): number {
  return store.write(() => {
    const { plan, ordinal, status } = store
      .sql<{ plan: string; ordinal: number; status: string }>('SELECT plan, ordinal, status FROM launch WHERE id = ?')
      .get(launchId) ?? { plan: '', ordinal: -1, status: '' }
    // One that has not begun is not evidence: it takes all of the place's trials.
    if (status === 'pending') store.sql('DELETE FROM trial WHERE launch = ?').run(launchId)
    const next = status === 'pending' ? launchId : insertNext(store, launchId)
    store
      .sql(
        `UPDATE trial SET unused = ?, status = CASE status WHEN 'pending' THEN 'interrupted' ELSE status END
         WHERE unused IS NULL AND launch IN (SELECT id FROM launch WHERE plan = ? AND ordinal = ?)`,
      )
      .run('block-repeated' satisfies Unused, plan, ordinal)
    const cells = store
      .sql<{ cell: number }>(
        `SELECT t.cell FROM trial t JOIN launch l ON l.id = t.launch
         WHERE l.plan = ? AND l.ordinal = ? AND l.continues IS NULL ORDER BY t.id`,
      )
      .all(plan, ordinal)
    for (const { cell } of cells) insertTrial(store, next, cell)
    return next
  })
}

function insertNext(store: Store, launchId: number): number {
  const inserted = store
    .sql(
      `INSERT INTO launch (plan, ordinal, block, arm, stratum, device, role, attempt, continues)
       SELECT plan, ordinal, block, arm, stratum, device, role, attempt + 1, id FROM launch
       WHERE id = ? AND status IN ('ok', 'failed', 'interrupted')`,
    )
    .run(launchId)
  if (inserted.changes !== 1) throw new Error(`launch ${launchId} left nothing to continue`)
  return Number(inserted.lastInsertRowid)
}
