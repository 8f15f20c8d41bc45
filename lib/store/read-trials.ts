import type { TrialRow } from '../domain/plan-data.ts'
import type { ClientHealth } from '../domain/record.ts'
import { type Nullable, parsedOr, present } from './columns.ts'
import type { Store } from './store.ts'

type Columns = Nullable<Omit<TrialRow, 'invalid' | 'metrics' | 'client'>> &
  Record<'invalid' | 'metrics' | 'client', string | null>

const selection = `SELECT t.id, t.launch AS launchId, c.cell_id AS cellId, l.block, l.role, t.status, t.reason, t.detail,
    t.invalid, t.unused, t.client, m.metrics
  FROM trial t JOIN launch l ON l.id = t.launch JOIN cell c ON c.id = t.cell LEFT JOIN measurement m ON m.trial = t.id`

/** All trials of a plan, in the order of its launches; those in whose place another was measured say so. */
export function readTrials(store: Store, planId: string): TrialRow[] {
  return store.read(() =>
    store
      .sql<Columns>(`${selection} WHERE l.plan = ? ORDER BY l.ordinal, l.attempt, l.id, t.id`)
      .all(planId)
      .map(toTrial),
  )
}

/** The trials of one launch, in order. */
export function readLaunchTrials(store: Store, launchId: number): TrialRow[] {
  return store.read(() =>
    store.sql<Columns>(`${selection} WHERE t.launch = ? ORDER BY t.id`).all(launchId).map(toTrial),
  )
}

function toTrial({ invalid, metrics, client, ...columns }: Columns): TrialRow {
  return {
    ...(present(columns) as Omit<TrialRow, 'invalid' | 'metrics' | 'client'>),
    invalid: parsedOr<TrialRow['invalid']>(invalid, []),
    metrics: parsedOr<TrialRow['metrics']>(metrics, {}),
    ...(client !== null && { client: JSON.parse(client) as ClientHealth }),
  }
}
