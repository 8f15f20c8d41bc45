import type { CellHistory, TrialRow } from '../domain/plan-data.ts'
import type { Manifest } from '../domain/manifest.ts'
import { parsedOr } from './columns.ts'
import type { Store } from './store.ts'

type Columns = {
  cellId: string
  planId: string
  startedAtMs: number
  manifest: string | null
  id: number
  launchId: number
  block: number
  invalid: string | null
  metrics: string | null
}

// Of the plan itself only the beginning is asked for: what was measured after it is none of its report's business, so that
// the report of a plan stays as it is however often its cells are measured again.
export const cellHistory = `SELECT c.cell_id AS cellId, c.plan AS planId, s.started_at_ms AS startedAtMs, f.manifest,
    t.id, t.launch AS launchId, l.block, t.invalid, m.metrics
  FROM cell own
  JOIN cell c ON c.cell_id = own.cell_id AND c.plan <> own.plan
  JOIN trial t ON t.cell = c.id AND t.status = 'ok' AND t.unused IS NULL
  JOIN launch l ON l.id = t.launch AND l.role IS NULL
  JOIN session s ON s.id = l.session
  JOIN measurement m ON m.trial = t.id
  LEFT JOIN manifest f ON f.digest = l.manifest
  WHERE own.plan = @planId AND s.started_at_ms < (SELECT min(started_at_ms) FROM session WHERE plan = @planId)
  ORDER BY own.id, s.started_at_ms, c.plan, l.ordinal, t.id`

/** What was measured of a plan's cells in sessions of other plans, before its own began: session by session, the oldest first. */
export function readCellHistory(store: Store, planId: string): CellHistory[] {
  const rows = store.read(() => store.sql<Columns>(cellHistory).all({ planId }))
  const sessions = Map.groupBy(rows, ({ cellId, planId: plan }) => JSON.stringify([cellId, plan]))
  return [...sessions.values()].flatMap((ofSession) => {
    const [first] = ofSession
    if (first === undefined) return []
    const { cellId, planId: plan, startedAtMs } = first
    const manifest = parsedOr<Manifest | undefined>(first.manifest, undefined)
    return [{ cellId, planId: plan, startedAtMs, ...(manifest && { manifest }), trials: ofSession.map(toTrial) }]
  })
}

function toTrial({ id, launchId, cellId, block, invalid, metrics }: Columns): TrialRow {
  return {
    id,
    launchId,
    cellId,
    block,
    status: 'ok',
    invalid: parsedOr<TrialRow['invalid']>(invalid, []),
    metrics: parsedOr<TrialRow['metrics']>(metrics, {}),
  }
}
