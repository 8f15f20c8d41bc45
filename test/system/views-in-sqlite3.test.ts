import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { deriveRequest } from '../../lib/measure/derive-request.ts'
import { deriveTrial } from '../../lib/measure/derive-trial.ts'
import { writeMeasurements } from '../../lib/store/measurements.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { readTrialDetail } from '../../lib/store/read-trial-detail.ts'
import { runQuery } from '../../lib/store/run-query.ts'
import type { Store } from '../../lib/store/store.ts'
import { claimed, commitAll, done, loaded, startedPlan, temporaryStore, trialRecords } from '../store/example.ts'

const views = ['v_request', 'v_trial', 'v_cell', 'v_event']
const hasSqlite3 = (() => {
  try {
    execFileSync('sqlite3', ['-version'])
    return true
  } catch {
    return false
  }
})()
// In CI a missing program is a failure, elsewhere a skip.
const stockTest = test.skipIf(!hasSqlite3 && process.env['CI'] === undefined)

function measureOneLaunch(store: Store): void {
  const { launchId } = startedPlan(store)
  commitAll(store, launchId, [claimed, loaded, ...[1, 2, 3].flatMap((trial) => trialRecords(trial)), done])
  for (const trialId of [1, 2, 3]) {
    const { requests, ...detail } = readTrialDetail(store, trialId)
    writeMeasurements(store, {
      trialId,
      metrics: deriveTrial({ ...detail, requests: requests.map((request) => request.timeline) }),
      requests: requests.map(({ id, timeline }) => ({ id, metrics: deriveRequest(timeline) })),
    })
  }
}

stockTest.each(views)('the stock sqlite3 program reads %s as benchbook does', (view) => {
  using lab = temporaryStore()
  measureOneLaunch(lab.store)
  const sql = `SELECT * FROM ${view} ORDER BY 1, 2, 3, 4, 5`
  const stock = execFileSync('sqlite3', ['-readonly', '-json', lab.file, sql], { encoding: 'utf8' })
  using reader = openStore({ file: lab.file, mode: 'read' })
  const { columns, rows } = runQuery(reader, sql)
  const ours = rows.map((row) => Object.fromEntries(row.map((value, i) => [columns[i], value])))
  expect(rows.length).toBeGreaterThan(0)
  expect(JSON.parse(stock)).toEqual(ours.map((row) => expect.objectContaining(closeTo(row))))
})

// sqlite3 prints 15 digits of a number.
function closeTo(row: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(row).map(([column, value]) => {
    const fraction = typeof value === 'number' && !Number.isInteger(value)
    return [column, fraction ? expect.closeTo(value, 12 - Math.ceil(Math.log10(value))) : value]
  })
  return Object.fromEntries(entries)
}
