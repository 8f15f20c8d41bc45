import { expect, test } from 'vitest'
import type { LaunchRole, Plan } from '../../lib/domain/plan.ts'
import { planCsv } from '../../lib/exchange/plan-csv.ts'
import { requestTable } from '../../lib/exchange/request-table.ts'
import { deriveMeasurements } from '../../lib/run/derive-measurements.ts'
import { commitRecords } from '../../lib/store/commit-records.ts'
import { continueLaunch, leftovers } from '../../lib/store/continue-launch.ts'
import { endLaunch } from '../../lib/store/end-launch.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { markStarted, readLaunches } from '../../lib/store/launches.ts'
import { readAnswers } from '../../lib/store/read-answers.ts'
import { readCellHistory } from '../../lib/store/read-cell-history.ts'
import { readPlanData } from '../../lib/store/read-plan-data.ts'
import { readPlan } from '../../lib/store/read-plan.ts'
import { readLaunchTrials } from '../../lib/store/read-trials.ts'
import { readView } from '../../lib/store/read-view.ts'
import { startSession } from '../../lib/store/sessions.ts'
import type { Store } from '../../lib/store/store.ts'
import {
  claimed,
  done,
  examplePlan,
  exampleRequest,
  loaded,
  numbered,
  temporaryStore,
  trialRecords,
} from './example.ts'

const base = examplePlan()
const [own] = base.launches as [Plan['launches'][number], ...Plan['launches']]
const [chat] = own.cellIds as [string, ...string[]]
const launch = (role?: LaunchRole) => ({ ...own, cellIds: [chat], ...(role && { role }) })
/** One cell, measured by itself, by a twin and by a sentinel. */
const roles = (id = base.id): Plan =>
  examplePlan({
    id,
    cells: base.cells.filter((cell) => cell.id === chat),
    launches: [launch(), launch('twin'), launch('sentinel')],
  })

/** Measures every launch: each takes longer for its tokens than the one before. */
function measure(store: Store, plan: Plan, atMs = 1000): void {
  insertPlan(store, plan)
  const sessionId = startSession(store, { planId: plan.id, atMs })
  for (const [at, { id: launchId }] of readLaunches(store, plan.id).entries()) {
    markStarted(store, { launchId, sessionId, spool: `s/${launchId}` })
    const trialId = readLaunchTrials(store, launchId)[0]?.id ?? 0
    const request = {
      ...exampleRequest,
      events: { ...exampleRequest.events, deltasUs: exampleRequest.events?.deltasUs.map((us) => us * (at + 1)) ?? [] },
    }
    const records = numbered([claimed, loaded, ...trialRecords(trialId, [request]), done])
    commitRecords(store, { launchId, records, endOffset: 1 })
    deriveMeasurements(store, trialId)
  }
}

test('a plan comes back with the roles of its launches, and a launch that goes on for another has its role', () => {
  using lab = temporaryStore()
  insertPlan(lab.store, roles())
  expect(readPlan(lab.store, base.id)).toEqual(roles())
  const twin = readLaunches(lab.store, base.id).find(({ role }) => role === 'twin')?.id ?? 0
  markStarted(lab.store, {
    launchId: twin,
    sessionId: startSession(lab.store, { planId: base.id, atMs: 1 }),
    spool: 's',
  })
  endLaunch(lab.store, { launchId: twin, outcome: { status: 'stopped' }, atMs: 2 })
  for (const left of leftovers(lab.store, base.id)) continueLaunch(lab.store, left)
  expect(readLaunches(lab.store, base.id).map(({ role, attempt }) => [role, attempt])).toEqual([
    [undefined, 1],
    ['twin', 1],
    ['twin', 2],
    ['sentinel', 1],
  ])
})

test('of twins and sentinels no value of a cell is made, but they are kept and say what they are', () => {
  using lab = temporaryStore()
  measure(lab.store, roles())
  const data = readPlanData(lab.store, base.id)
  expect(data.trials.map(({ role }) => role)).toEqual([undefined])
  expect(data.beside?.map(({ role }) => role)).toEqual(['twin', 'sentinel'])
  expect(new Set(data.requests.map(({ trialId }) => trialId))).toEqual(new Set([data.trials[0]?.id]))
  const trials = readView(lab.store, 'v_trial', { roles: true })
  expect(trials.map(({ role }) => role)).toEqual([null, 'twin', 'sentinel'])
  expect(new Set(trials.map(({ decode_tps: value }) => value)).size).toBe(3)
  const [cell] = readView(lab.store, 'v_cell', {})
  expect(cell?.['n']).toBe(1)
  expect(cell?.['decode_tps']).toBeCloseTo(Number(trials[0]?.['decode_tps']), 9)
  for (const view of ['v_trial', 'v_request', 'v_event'] as const) {
    expect(new Set(readView(lab.store, view, {}).map(({ role }) => role))).toEqual(new Set([null]))
    expect(readView(lab.store, view, { trialId: Number(trials[1]?.['trial_id']) })[0]?.['role']).toBe('twin')
  }
})

test('an export has all of them, each with its role', () => {
  using lab = temporaryStore()
  measure(lab.store, roles())
  const [head = '', ...lines] = [...planCsv(lab.store, base.id)]
  const at = head.split(',').indexOf('role')
  expect(lines.slice(0, 3).map((line) => line.split(',')[at])).toEqual(['', 'twin', 'sentinel'])
  const rows = [...requestTable(lab.store, base.id).rows]
  expect(new Set(rows.map(({ role }) => role))).toEqual(new Set([null, 'twin', 'sentinel']))
})

test('neither answers nor the history of a cell have theirs', () => {
  using lab = temporaryStore()
  measure(lab.store, roles('c0ffee000002'), 500)
  measure(lab.store, roles())
  const [before] = readCellHistory(lab.store, base.id)
  expect(before?.trials).toHaveLength(1)
  lab.store
    .sql(
      `UPDATE request SET output = 'by role ' || (SELECT coalesce(l.role, 'none') FROM trial t JOIN launch l ON l.id = t.launch WHERE t.id = request.trial)`,
    )
    .run()
  expect(readAnswers(lab.store, base.id).map(({ text }) => text)).toEqual(['by role none'])
})
