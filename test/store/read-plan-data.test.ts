import { expect, test } from 'vitest'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { readPlanData } from '../../lib/store/read-plan-data.ts'
import {
  claimed,
  commitAll,
  done,
  exampleManifest,
  examplePlan,
  loaded,
  startedPlan,
  temporaryStore,
  trialRecords,
} from './example.ts'

const planId = examplePlan().id

test('all of a plan is read, and nothing of another', () => {
  using lab = temporaryStore()
  const { launchId, sessionId } = startedPlan(lab.store)
  commitAll(lab.store, launchId, [claimed, loaded, ...[1, 2, 3].flatMap((trial) => trialRecords(trial)), done])
  const other = { ...examplePlan({ id: 'f00000000002' }), cells: [], launches: [] }
  insertPlan(lab.store, other)
  const data = readPlanData(lab.store, planId)
  expect(data.plan).toEqual(examplePlan())
  expect(data.sessions).toEqual([{ id: sessionId, startedAtMs: 100, resumes: 0, status: 'running' }])
  expect(data.launches.map((launch) => launch.status)).toEqual(['ok', 'pending', 'pending', 'pending'])
  expect(data.trials).toHaveLength(12)
  expect(data.requests).toMatchObject([
    { id: 1, trialId: 1 },
    { id: 2, trialId: 2 },
    { id: 3, trialId: 3 },
  ])
  const [[digest, manifest] = []] = Object.entries(data.manifests)
  expect(digest).toBe(data.launches[0]?.manifestDigest)
  expect(manifest?.manifest).toEqual(exampleManifest)
  expect(Object.keys(data.artifacts)).toEqual(['f16'.padEnd(64, 'd')])
  expect(readPlanData(lab.store, other.id)).toEqual({
    plan: other,
    sessions: [],
    launches: [],
    trials: [],
    unused: [],
    requests: [],
    manifests: {},
    artifacts: {},
  })
})

test('an artifact that no launch has described, and the plan did not know, is not there', () => {
  using lab = temporaryStore()
  insertPlan(lab.store, examplePlan())
  expect(readPlanData(lab.store, planId).artifacts).toEqual({})
})

test('the same store gives the same value, byte for byte, to whoever reads it', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  commitAll(lab.store, launchId, [claimed, loaded, ...[1, 2, 3].flatMap((trial) => trialRecords(trial)), done])
  using reader = openStore({ file: lab.file, mode: 'read' })
  expect(JSON.stringify(readPlanData(reader, planId))).toBe(JSON.stringify(readPlanData(lab.store, planId)))
})

test('what is absent is absent, and not null', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  commitAll(lab.store, launchId, [claimed, loaded, ...trialRecords(1)])
  expect(JSON.stringify({ ...readPlanData(lab.store, planId) })).not.toContain('null')
})
