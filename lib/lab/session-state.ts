import { hostname } from 'node:os'
import { isAlive } from '../shell/process-id.ts'
import { type RunningSession, runningSessions } from '../store/heartbeats.ts'
import type { Store } from '../store/store.ts'
import { planHolder } from './plan-lock.ts'

/** A runner says that it is there every few seconds; after this time without a word it may be taken for dead. */
const silentMs = 30_000

type Seen = {
  /** Since 1970, by this machine's clock. */
  nowMs: number
  /** This machine's name. */
  host: string
  /** Whether some process here holds the plan's lock, as its runner does for as long as it lives. */
  isHeld: boolean
  /** Whether the process that began the session is known to have ended. */
  hasEnded?: boolean
}

/**
 * Whether the runner of a session that is `running` has gone without a word. Its lock says so at once; a clock that was set
 * may make a heartbeat look old, or to come, and so never kills a runner whose lock is held. Of a runner on another machine,
 * whose lock cannot be seen, there is only the heartbeat.
 */
export function isDead(session: RunningSession, { nowMs, host, isHeld, hasEnded = false }: Seen): boolean {
  if (isHeld && (session.host === undefined || session.host === host)) return false
  if (hasEnded || session.heartbeatMs === undefined) return true
  return Math.abs(nowMs - session.heartbeatMs) > silentMs
}

/** A session that says that it is running, and whether its runner still is there. */
export type SessionNow = RunningSession & { state: 'running' | 'dead' }

/** The sessions that say that they are running, the latest first. */
export async function sessionsNow(store: Store, nowMs: number = Date.now()): Promise<SessionNow[]> {
  const sessions: SessionNow[] = []
  for (const session of runningSessions(store)) {
    const isHeld = (await planHolder(session.planId)) !== undefined
    sessions.push({
      ...session,
      state: isDead(session, { nowMs, host: hostname(), isHeld, hasEnded: endedHere(session) }) ? 'dead' : 'running',
    })
  }
  return sessions
}

/** A process of this machine is told from another of its number by when it started. */
function endedHere({ host, pid, pidStart }: RunningSession): boolean {
  if (host !== hostname() || pid === undefined || pidStart === undefined) return false
  return !isAlive({ pid, startTicks: pidStart })
}

/** The plans in a store whose last runner has died: nobody measures them, and `--resume` goes on with them. */
export async function deadPlans(store: Store, nowMs?: number): Promise<ReadonlySet<string>> {
  const dead = (await sessionsNow(store, nowMs)).filter(({ state }) => state === 'dead')
  return new Set(dead.map(({ planId }) => planId))
}
