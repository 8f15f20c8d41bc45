import { readLaunches } from '../store/launches.ts'
import { readArtifacts, readManifests, readSessions } from '../store/read-plan-data.ts'
import { readPlan } from '../store/read-plan.ts'
import { readTrialDetail } from '../store/read-trial-detail.ts'
import { readTrials } from '../store/read-trials.ts'
import type { Store } from '../store/store.ts'

/** Raised when the shape of the export changes so that its readers have to. */
const formatVersion = 1

/**
 * A plan as JSON with everything that was observed: `{ benchbook, plan, sessions, launches, manifests, artifacts, trials }`,
 * each trial with its memory samples and its requests, each of those with its events and metrics. In pieces, a trial at a time.
 */
export function* planJson(store: Store, planId: string): Generator<string> {
  const head = {
    benchbook: formatVersion,
    plan: readPlan(store, planId),
    sessions: readSessions(store, planId),
    launches: readLaunches(store, planId),
    manifests: readManifests(store, planId),
    artifacts: readArtifacts(store, planId),
  }
  yield JSON.stringify(head).slice(0, -1)
  yield ',"trials":['
  for (const [i, trial] of readTrials(store, planId).entries()) {
    const { memory, requests } = readTrialDetail(store, trial.id)
    const flat = requests.map(({ id, index, timeline, metrics }) => ({ id, index, ...timeline, metrics }))
    yield `${i === 0 ? '' : ','}\n${JSON.stringify({ ...trial, memory, requests: flat })}`
  }
  yield '\n]}\n'
}
