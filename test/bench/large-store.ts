import { commitRecords } from '../../lib/store/commit-records.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { markStarted, readLaunches } from '../../lib/store/launches.ts'
import { deriveMeasurements } from '../../lib/run/derive-measurements.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { readLaunchTrials } from '../../lib/store/read-trials.ts'
import { startSession } from '../../lib/store/sessions.ts'
import { claimed, done, examplePlan, exampleRequest, loaded, numbered, trialRecords } from '../store/example.ts'

const requestsPerTrial = 1000

/** A store with a complete plan of at least so many requests, a thousand to a trial, every metric derived; returns the plan's id. */
export function makeLargeStore(file: string, requests: number): string {
  using store = openStore({ file, mode: 'write' })
  const small = examplePlan()
  const perBlock = small.launches.filter(({ block }) => block === 0)
  const blocks = Math.ceil(requests / (requestsPerTrial * perBlock.flatMap(({ cellIds }) => cellIds).length))
  const launches = Array.from({ length: blocks }, (_, block) => perBlock.map((launch) => ({ ...launch, block }))).flat()
  const plan = examplePlan({ blocks, launches })
  insertPlan(store, plan)
  const sessionId = startSession(store, { planId: plan.id, atMs: 1000 })
  const sent = Array.from({ length: requestsPerTrial }, () => exampleRequest)
  for (const { id: launchId } of readLaunches(store, plan.id)) {
    markStarted(store, { launchId, sessionId, spool: '/spools/x' })
    const ids = readLaunchTrials(store, launchId).map(({ id }) => id)
    const records = numbered([claimed, loaded, ...ids.flatMap((id) => trialRecords(id, sent)), done])
    commitRecords(store, { launchId, records, endOffset: 10 })
    for (const id of ids) deriveMeasurements(store, id)
  }
  return plan.id
}
