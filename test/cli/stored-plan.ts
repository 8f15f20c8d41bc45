import { randomBytes } from 'node:crypto'
import type { Plan } from '../../lib/domain/plan.ts'
import { commitRecords } from '../../lib/store/commit-records.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { markStarted, readLaunches } from '../../lib/store/launches.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { readLaunchTrials } from '../../lib/store/read-trials.ts'
import { endSession, startSession } from '../../lib/store/sessions.ts'
import { claimed, done, examplePlan, loaded, numbered, trialRecords } from '../store/example.ts'

/** An id that no other test runs: a process has a plan that it goes on with until it ends. */
export const freshId = () => randomBytes(6).toString('hex')

/** Puts a plan into a store: `planned` only, or `complete` with all of its trials measured. */
export function storePlan(file: string, state: 'planned' | 'complete', change: Partial<Plan> = {}): void {
  using store = openStore({ file, mode: 'write' })
  const plan = examplePlan(change)
  insertPlan(store, plan)
  if (state === 'planned') return
  const sessionId = startSession(store, { planId: plan.id, atMs: 1000 })
  for (const { id: launchId } of readLaunches(store, plan.id)) {
    markStarted(store, { launchId, sessionId, spool: `spools/${launchId}` })
    const trials = readLaunchTrials(store, launchId).flatMap(({ id }) => trialRecords(id))
    commitRecords(store, { launchId, records: numbered([claimed, loaded, ...trials, done]), endOffset: 10 })
  }
  endSession(store, { sessionId, atMs: 2000, status: 'ended' })
}
