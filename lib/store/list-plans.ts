import type { SessionRow, TrialRow } from '../domain/plan-data.ts'
import type { Store } from './store.ts'

export type PlanSummary = {
  id: string
  name: string
  title: string
  /** The experiment's. */
  file: string
  createdAtMs: number
  cells: number
  /** How its last session stands; absent before the first. One that is `running` may have lost its runner. */
  session?: SessionRow['status']
  /** Cells that will not run. */
  skipped: number
  /** Of the planned trials, how many are in each state; a trial that ran again counts once. */
  trials: Record<TrialRow['status'], number>
}

type Row = Omit<PlanSummary, 'trials' | 'session'> & PlanSummary['trials'] & { session: SessionRow['status'] | null }

const query = `
WITH counted AS (
  SELECT l.plan, t.status FROM trial t JOIN launch l ON l.id = t.launch
  WHERE t.unused IS NULL
), trials AS (
  SELECT plan, sum(status = 'pending') AS pending, sum(status = 'running') AS running, sum(status = 'ok') AS ok,
    sum(status = 'failed') AS failed, sum(status = 'interrupted') AS interrupted
  FROM counted GROUP BY plan
)
SELECT p.id, e.name, e.title, e.file, p.created_at_ms AS createdAtMs,
  (SELECT count(*) FROM cell c WHERE c.plan = p.id) AS cells, json_array_length(p.skipped) AS skipped,
  (SELECT s.status FROM session s WHERE s.plan = p.id ORDER BY s.id DESC LIMIT 1) AS session,
  coalesce(pending, 0) AS pending, coalesce(running, 0) AS running, coalesce(ok, 0) AS ok,
  coalesce(failed, 0) AS failed, coalesce(interrupted, 0) AS interrupted
FROM plan p JOIN experiment e ON e.id = p.experiment LEFT JOIN trials ON trials.plan = p.id
ORDER BY p.rowid DESC`

/** All plans, the one that was kept last first, whatever the clock said. */
export function listPlans(store: Store): PlanSummary[] {
  const rows = store.read(() => store.sql<Row>(query).all())
  return rows.map(({ pending, running, ok, failed, interrupted, session, ...plan }) => ({
    ...plan,
    ...(session !== null && { session }),
    trials: { pending, running, ok, failed, interrupted },
  }))
}
