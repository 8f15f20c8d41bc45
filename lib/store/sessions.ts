import type { SessionRow } from '../domain/plan-data.ts'
import type { Calibration } from '../domain/record.ts'
import type { Store } from './store.ts'

/** Begins a session (one `run` of a plan, with its resumes); returns its id. */
export function startSession(store: Store, { planId, atMs }: { planId: string; atMs: number }): number {
  return store.write(() => {
    const inserted = store.sql('INSERT INTO session (plan, started_at_ms) VALUES (?, ?)').run(planId, atMs)
    return Number(inserted.lastInsertRowid)
  })
}

/** Goes on with the last session of a plan, or begins the first; returns its id. */
export function resumeSession(store: Store, { planId, atMs }: { planId: string; atMs: number }): number {
  return store.write(() => {
    const last = store.sql<{ id: number }>('SELECT id FROM session WHERE plan = ? ORDER BY id DESC LIMIT 1').get(planId)
    if (last === undefined) return startSession(store, { planId, atMs })
    store
      .sql(`UPDATE session SET status = 'running', ended_at_ms = NULL, resumes = resumes + 1 WHERE id = ?`)
      .run(last.id)
    return last.id
  })
}

/** Keeps what the client of servers adds by itself; of a session that goes on the last counts. */
export function keepCalibration(
  store: Store,
  { sessionId, calibration }: { sessionId: number; calibration: Calibration },
): void {
  store.write(() =>
    store.sql('UPDATE session SET calibration = ? WHERE id = ?').run(JSON.stringify(calibration), sessionId),
  )
}

/** Ends a session; one whose runner was killed stays `running` until it is resumed. */
export function endSession(
  store: Store,
  { sessionId, atMs, status }: { sessionId: number; atMs: number; status: Exclude<SessionRow['status'], 'running'> },
): void {
  store.write(() =>
    store.sql('UPDATE session SET status = ?, ended_at_ms = ? WHERE id = ?').run(status, atMs, sessionId),
  )
}
