import { expect, test } from 'vitest'
import { commitRecords } from '../../lib/store/commit-records.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { markStarted } from '../../lib/store/launches.ts'
import { writeMeasurements } from '../../lib/store/measurements.ts'
import { cellHistory, readCellHistory } from '../../lib/store/read-cell-history.ts'
import { startSession } from '../../lib/store/sessions.ts'
import type { Store } from '../../lib/store/store.ts'
import { claimed, examplePlan, loaded, numbered, temporaryStore, trialRecords } from './example.ts'

/** A plan of the same cells whose first trial was measured at `atMs`. */
function measured(store: Store, { planId, atMs, value }: { planId: string; atMs: number; value: number }): void {
  insertPlan(store, examplePlan({ id: planId }))
  const launch = store.sql<{ id: number }>('SELECT min(id) AS id FROM launch WHERE plan = ?').get(planId)
  const launchId = launch?.id ?? 0
  const trialId = store.sql<{ id: number }>('SELECT min(id) AS id FROM trial WHERE launch = ?').get(launchId)?.id ?? 0
  markStarted(store, { launchId, sessionId: startSession(store, { planId, atMs }), spool: `spools/${planId}` })
  const records = numbered([claimed, loaded, ...trialRecords(trialId)])
  commitRecords(store, { launchId, records, endOffset: 100 })
  writeMeasurements(store, { trialId, metrics: { decode_tps: { value } }, requests: [] })
}

test('of a cell what other plans measured before is read, the oldest first, with the setup; not what came after', () => {
  using lab = temporaryStore()
  measured(lab.store, { planId: 'c0ffee000001', atMs: 3000, value: 30 })
  measured(lab.store, { planId: 'c0ffee000002', atMs: 1000, value: 10 })
  measured(lab.store, { planId: 'c0ffee000003', atMs: 2000, value: 20 })
  const told = (planId: string) =>
    readCellHistory(lab.store, planId).map(({ planId: from, startedAtMs, manifest, trials }) => [
      from,
      startedAtMs,
      manifest?.host.cpu,
      trials.map(({ metrics, status }) => [status, metrics.decode_tps?.value]),
    ])
  expect(told('c0ffee000001')).toEqual([
    ['c0ffee000002', 1000, 'A CPU', [['ok', 10]]],
    ['c0ffee000003', 2000, 'A CPU', [['ok', 20]]],
  ])
  expect(told('c0ffee000003').map(([from]) => from)).toEqual(['c0ffee000002'])
  expect(told('c0ffee000002')).toEqual([])
})

test('a large store is not read through for it', () => {
  using lab = temporaryStore()
  const steps = lab.store.sql<{ detail: string }>(`EXPLAIN QUERY PLAN ${cellHistory}`).all({ planId: 'c0ffee000001' })
  expect(steps.map(({ detail }) => detail).filter((detail) => detail.startsWith('SCAN'))).toEqual([])
})
