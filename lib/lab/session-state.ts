import { hostname } from 'node:os'
import { lockHolder } from '../shell/named-lock.ts'
import { type RunningSession, runningSessions } from '../store/heartbeats.ts'
import type { Store } from '../store/store.ts'

/** A runner says that it is there every few seconds; after this time without a word it may be taken for dead. */
const silentMs = 30_000

type Seen = {
  /** Since 1970, by this machine's clock. */
  nowMs: number
  /** This machine's name. */
  host: string
  /** Whether some process here holds the plan's lock, as its runner does for as long as it lives. */
  isHeld: boolean
}

/**
 * Whether the runner of a session that is `running` has gone without a word. Its lock says so at once; a clock that was set
 * may make a heartbeat look old, or to come, and so never kills a runner whose lock is held. Of a runner on another machine,
 * whose lock cannot be seen, there is only the heartbeat.
 */
export function isDead(session: RunningSession, { nowMs, host, isHeld }: Seen): boolean {
  if (isHeld && (session.host === undefined || session.host === host)) return false
  if (session.heartbeatMs === undefined) return true
  return Math.abs(nowMs - session.heartbeatMs) > silentMs
}

/** The plans in a store whose last runner has died: nobody measures them, and `--resume` goes on with them. */
export async function deadPlans(store: Store, nowMs: number = Date.now()): Promise<ReadonlySet<string>> {
  const dead = new Set<string>()
  for (const session of runningSessions(store)) {
    const isHeld = (await lockHolder(`plan-${session.planId}`)) !== undefined
    if (isDead(session, { nowMs, host: hostname(), isHeld })) dead.add(session.planId)
  }
  return dead
}
