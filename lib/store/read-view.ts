import type { QueryValue } from './run-query.ts'
import type { Store } from './store.ts'

/** The rows of a view; `null` is a value that is not there. */
export type ViewRow = Record<string, QueryValue>
/** Only rows of this plan, of this trial; those of twins and sentinels only where they are asked for, or the trial is. */
export type ViewPart = { planId?: string; trialId?: number; roles?: boolean }

const orders = {
  v_cell: '',
  v_trial: 'ORDER BY trial_id',
  v_request: 'ORDER BY request_id',
  v_event: 'ORDER BY request_id, event',
} as const

/** Reads a documented view (data/store.md), all of it or a part. */
export function readView(store: Store, view: keyof typeof orders, { planId, trialId, roles }: ViewPart): ViewRow[] {
  const own = view !== 'v_cell' && trialId === undefined && roles !== true
  const conditions = [
    planId !== undefined && 'plan_id = @planId',
    trialId !== undefined && 'trial_id = @trialId',
    own && 'role IS NULL',
  ]
  const chosen = conditions.filter((condition) => condition !== false).join(' AND ') || 'TRUE'
  return store.read(() =>
    store
      .sql<ViewRow>(`SELECT * FROM ${view} WHERE ${chosen} ${orders[view]}`)
      .all({ ...(planId !== undefined && { planId }), ...(trialId !== undefined && { trialId }) }),
  )
}
