import { expect, test } from 'vitest'
import { deriveRequest } from '../../lib/measure/derive-request.ts'
import { deriveTrial } from '../../lib/measure/derive-trial.ts'
import { trialsToDerive, writeMeasurements } from '../../lib/store/measurements.ts'
import { readPlanData } from '../../lib/store/read-plan-data.ts'
import { readTrialDetail } from '../../lib/store/read-trial-detail.ts'
import type { Store } from '../../lib/store/store.ts'
import {
  claimed,
  commitAll,
  done,
  examplePlan,
  exampleRequest,
  loaded,
  startedPlan,
  temporaryStore,
  trialRecords,
} from './example.ts'

const planId = examplePlan().id

function derive(store: Store, trialId: number): void {
  const { requests, ...detail } = readTrialDetail(store, trialId)
  const metrics = deriveTrial({ ...detail, requests: requests.map((request) => request.timeline) })
  writeMeasurements(store, {
    trialId,
    metrics,
    requests: requests.map(({ id, timeline }) => ({ id, metrics: deriveRequest(timeline) })),
  })
}

function measured(store: Store, plan = examplePlan()): void {
  const { launchId } = startedPlan(store, plan)
  const warmup = { ...exampleRequest, phase: 'warmup' as const }
  commitAll(store, launchId, [
    claimed,
    loaded,
    ...trialRecords(1, [warmup, exampleRequest]),
    ...trialRecords(2),
    ...trialRecords(3),
    done,
  ])
}

test('trials that ended without metrics are to be derived, in order, and then no more', () => {
  using lab = temporaryStore()
  measured(lab.store)
  expect(trialsToDerive(lab.store, planId)).toEqual([1, 2, 3])
  for (const trialId of [1, 2]) derive(lab.store, trialId)
  expect(trialsToDerive(lab.store, planId)).toEqual([3])
})

test('metrics of other definitions are to be derived again', () => {
  using lab = temporaryStore()
  measured(lab.store)
  for (const trialId of [1, 2, 3]) derive(lab.store, trialId)
  lab.store.write(() => lab.store.sql('UPDATE measurement SET version = 0 WHERE trial = 2').run())
  expect(trialsToDerive(lab.store, planId)).toEqual([2])
})

test('a trial that never started has nothing to derive', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  const outcome = { status: 'failed', reason: 'load-timeout', detail: '', logTail: '' } as const
  commitAll(lab.store, launchId, [claimed, { kind: 'done', outcome, atMs: 1 }])
  expect(trialsToDerive(lab.store, planId)).toEqual([])
})

test('what is derived from the store is what the records say', () => {
  using lab = temporaryStore()
  measured(lab.store)
  derive(lab.store, 1)
  const { trials, requests } = readPlanData(lab.store, planId)
  expect(trials[0]?.metrics).toMatchObject({
    ttft_ms: { value: expect.closeTo(100, 9), n: 1 },
    error_rate: { value: 0, n: 1 },
    load_ms: { value: 812.5 },
    model_bytes: { value: 7_400_000 },
    effective_bpw: { value: 16 },
    rss_peak_bytes: { value: 100 },
  })
  expect(requests[1]).toMatchObject({ id: 2, phase: 'measured', metrics: { ttft_ms: 100, tpot_ms: 25 } })
})

test('deriving again gives the same and leaves one row each', () => {
  using lab = temporaryStore()
  measured(lab.store)
  derive(lab.store, 1)
  const before = readPlanData(lab.store, planId)
  derive(lab.store, 1)
  expect(readPlanData(lab.store, planId)).toEqual(before)
  expect(lab.store.read(() => lab.store.sql('SELECT count(*) FROM measurement').pluck().get())).toBe(3)
})

test('what hardware costs is read with its cell, and gives output a price in the views', () => {
  using lab = temporaryStore()
  const plan = examplePlan()
  const price = { usdPerHour: 3.6, source: 'a list' }
  const priced = (cell: (typeof plan.cells)[number]) => ({
    ...cell,
    config: { ...cell.config, hardware: { ...cell.config.hardware, price } },
  })
  measured(lab.store, { ...plan, cells: plan.cells.map(priced) })
  derive(lab.store, 1)
  expect(readTrialDetail(lab.store, 1).price).toEqual(price)
  const [row] = lab.store.read(() =>
    lab.store
      .sql<{ tps: number; cost: number; perUsd: null }>(
        'SELECT output_tps AS tps, usd_per_mtok AS cost, per_usd AS perUsd FROM v_trial WHERE trial_id = 1',
      )
      .all(),
  )
  expect(row).toEqual({ tps: expect.any(Number), cost: expect.closeTo(1000 / (row?.tps as number), 9), perUsd: null })
})
