import { hostname } from 'node:os'
import { isAlive, type ProcessId } from '../shell/process-id.ts'
import type { RunningSession } from '../store/heartbeats.ts'
import { planHolder, runnerName } from './plan-lock.ts'

/**
 * The process that runs a session here. `undefined` where it cannot be told from a stranger that was given its number since:
 * it has to have started when the runner did, or, where the system does not say when that was, to hold the plan's lock.
 */
export async function runnerProcess({ planId, host, pid, pidStart }: RunningSession): Promise<ProcessId | undefined> {
  if (pid === undefined || host !== hostname()) return undefined
  const runner = { pid, ...(pidStart !== undefined && { startTicks: pidStart }) }
  if (!isAlive(runner)) return undefined
  const isSure = pidStart !== undefined || (await planHolder(planId)) === runnerName(pid)
  return isSure ? runner : undefined
}
