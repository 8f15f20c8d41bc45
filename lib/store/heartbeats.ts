import { type Nullable, present } from './columns.ts'
import type { Store } from './store.ts'

/** Who runs plans: a machine's name and a process there; `pidStart` tells it from a later one of the same number. */
export type SessionRunner = { host: string; pid: number; pidStart?: string }

/** A session that is `running`, with its runner and when that last said so; a store of version 1 did not know. */
export type RunningSession = Partial<SessionRunner> & {
  sessionId: number
  planId: string
  startedAtMs: number
  /** Milliseconds since 1970 by the clock of `host`. */
  heartbeatMs?: number
}

/** Notes that a session's runner is there. */
export function writeHeartbeat(store: Store, beat: SessionRunner & { sessionId: number; atMs: number }): void {
  const { sessionId, atMs, host, pid, pidStart = null } = beat
  store.write(() =>
    store
      .sql('UPDATE session SET host = ?, pid = ?, pid_start = ?, heartbeat_ms = ? WHERE id = ?')
      .run(host, pid, pidStart, atMs, sessionId),
  )
}

/**
 * The sessions that are `running`, the latest first. A runner that was killed leaves its session so: whether it is still
 * there is for the reader to judge.
 */
export function runningSessions(store: Store): RunningSession[] {
  return store.read(() =>
    store
      .sql<Nullable<RunningSession>>(
        `SELECT id AS sessionId, plan AS planId, started_at_ms AS startedAtMs, host, pid, pid_start AS pidStart,
           heartbeat_ms AS heartbeatMs
         FROM session WHERE status = 'running' ORDER BY id DESC`,
      )
      .all()
      .map((row) => present(row) as RunningSession),
  )
}
