import type { Manifest } from '../domain/manifest.ts'
import type { Calibration } from '../domain/record.ts'
import type { PlanData, PlanSetting, SessionRow, TrialRow } from '../domain/plan-data.ts'
import { type Nullable, present } from './columns.ts'
import { readLaunches } from './launches.ts'
import { readPlan } from './read-plan.ts'
import { requestPages } from './read-requests.ts'
import { readTrials } from './read-trials.ts'
import { clientQueues } from './client-queues.ts'
import { readWireNotes } from './read-wire-notes.ts'
import type { Store } from './store.ts'

/** Everything of a plan but telemetry and the requests' events; the same store gives the same value. */
export function readPlanData(store: Store, planId: string): PlanData {
  return store.read(() => {
    const setting = readPlanSetting(store, planId)
    return { ...setting, requests: [...requestPages(store, setting.trials)].flat() }
  })
}

/** Everything of a plan but telemetry and requests. */
export function readPlanSetting(store: Store, planId: string): PlanSetting {
  return store.read(() => ({
    ...trialsOf(store, planId),
    ...wireOf(store, planId),
    plan: readPlan(store, planId),
    sessions: readSessions(store, planId),
    launches: readLaunches(store, planId),
    manifests: readManifests(store, planId),
    artifacts: readArtifacts(store, planId),
  }))
}

function trialsOf(store: Store, planId: string): Pick<PlanData, 'trials' | 'unused' | 'beside'> {
  const [trials, unused, beside]: [TrialRow[], TrialRow[], TrialRow[]] = [[], [], []]
  for (const trial of readTrials(store, planId)) {
    if (trial.role === undefined) (trial.unused === undefined ? trials : unused).push(trial)
    else beside.push(trial)
  }
  return { trials, unused, ...(beside.length > 0 && { beside }) }
}

function wireOf(store: Store, planId: string): Pick<PlanData, 'wire' | 'queues'> {
  const wire = readWireNotes(store, planId)
  const queues = clientQueues(store, planId)
  return { ...(wire.length > 0 && { wire }), ...(queues.length > 0 && { queues }) }
}

/** The sessions of a plan in the order in which they began. */
export function readSessions(store: Store, planId: string): SessionRow[] {
  return store.read(() =>
    store
      .sql<Nullable<Omit<SessionRow, 'calibration'>> & { calibration: string | null }>(
        `SELECT id, started_at_ms AS startedAtMs, ended_at_ms AS endedAtMs, resumes, status, calibration
         FROM session WHERE plan = ? ORDER BY id`,
      )
      .all(planId)
      .map(({ calibration, ...row }) => ({
        ...(present(row) as SessionRow),
        ...(calibration !== null && { calibration: JSON.parse(calibration) as Calibration }),
      })),
  )
}

/** The manifests of a plan's launches, by digest. */
export function readManifests(store: Store, planId: string): PlanData['manifests'] {
  const rows = store.read(() =>
    store
      .sql<{ digest: string; setup: string; manifest: string }>(
        `SELECT digest, setup, manifest FROM manifest
         WHERE digest IN (SELECT l.manifest FROM launch l WHERE l.plan = ?) ORDER BY digest`,
      )
      .all(planId),
  )
  const entries = rows.map(({ digest, setup, manifest }) => {
    return [digest, { setup, manifest: JSON.parse(manifest) as Manifest }] as const
  })
  return Object.fromEntries(entries)
}

/** The artifacts of a plan's cells as far as they were described, by digest. */
export function readArtifacts(store: Store, planId: string): PlanData['artifacts'] {
  const rows = store.read(() =>
    store
      .sql<{ digest: string; path: string; bytes: number; description: string }>(
        `SELECT digest, path, bytes, description FROM artifact
         WHERE digest IN (SELECT c.artifact FROM cell c WHERE c.plan = ?)
           AND bytes IS NOT NULL AND description IS NOT NULL
         ORDER BY digest`,
      )
      .all(planId),
  )
  const entries = rows.map(({ digest, path, bytes, description }) => {
    return [
      digest,
      { path, bytes, description: JSON.parse(description) as PlanData['artifacts'][string]['description'] },
    ] as const
  })
  return Object.fromEntries(entries)
}
