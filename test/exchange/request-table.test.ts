import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { expect, test } from 'vitest'
import { exportPlan } from '../../lib/exchange/export-plan.ts'
import { deriveMeasurements } from '../../lib/run/derive-measurements.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { runQuery } from '../../lib/store/run-query.ts'
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
} from '../store/example.ts'

const planId = examplePlan().id

/** Three trials of the first launch measured, one of them failing a request; the rest has not begun. */
function measuredStore() {
  const lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  const failed = {
    ...exampleRequest,
    promptId: '안녕 "\u0000',
    outcome: { status: 'failed' as const, reason: 'stall' as const, detail: 'no token\nfor 30 s' },
  }
  const trials = [1, 2, 3].flatMap((id) => trialRecords(id, id === 1 ? [exampleRequest, failed] : [exampleRequest]))
  commitAll(lab.store, launchId, [claimed, loaded, ...trials, done])
  for (const id of [1, 2, 3]) deriveMeasurements(lab.store, id)
  return lab
}

const plain = (value: unknown) => (typeof value === 'bigint' ? Number(value) : value === undefined ? null : value)

const bufferOf = (bytes: Buffer) => Uint8Array.from(bytes).buffer

async function parquetRows(bytes: Buffer): Promise<Record<string, unknown>[]> {
  const rows = await parquetReadObjects({ file: bufferOf(bytes) })
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])))
}

const bytesOf = (pieces: Iterable<string | Uint8Array>) => Buffer.concat([...pieces].map((piece) => Buffer.from(piece)))

test('Parquet and JSON Lines hold the same rows, equal to what the views say', async () => {
  using lab = measuredStore()
  const lines = bytesOf(exportPlan(lab.store, { planId, format: 'jsonl' })).toString()
  const rows = lines
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(await parquetRows(bytesOf(exportPlan(lab.store, { planId, format: 'parquet' })))).toEqual(rows)
  expect(rows).toHaveLength(4 + 9)

  using store = openStore({ file: lab.file, mode: 'read' })
  const { columns, rows: known } = runQuery(store, 'SELECT * FROM v_request ORDER BY request_id')
  const ofViews = known.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])))
  const shared = columns.filter((name) => !['axes', 'arm', 'stratum'].includes(name))
  const exported = rows.filter((row) => row['request_id'] !== null)
  for (const [at, view] of ofViews.entries())
    expect(exported[at]).toMatchObject(Object.fromEntries(shared.map((name) => [name, view[name]])))
})

test('a row has the axes and the trial beside the request, and a trial without requests has a row', () => {
  using lab = measuredStore()
  const rows = bytesOf(exportPlan(lab.store, { planId, format: 'jsonl' }))
    .toString()
    .split('\n')
  expect(JSON.parse(rows[0] ?? '')).toMatchObject({
    plan_id: planId,
    model: 'demo',
    quantization: 'f16',
    workload: 'chat',
    trial_status: 'ok',
    request_id: 1,
    load_ms: 812.5,
    model_bytes: 7_400_000,
  })
  expect(JSON.parse(rows.at(-2) ?? '')).toMatchObject({ trial_status: 'pending', request_id: null, decode_tps: null })
})

test('columns are typed, and an axis by its values', () => {
  using lab = measuredStore()
  const bytes = bytesOf(exportPlan(lab.store, { planId, format: 'parquet' }))
  const { schema, num_rows: rows } = parquetMetadata(bufferOf(bytes))
  const types = Object.fromEntries(schema.map(({ name, type }) => [name, type]))
  expect(rows).toBe(13n)
  expect(types).toMatchObject({ model: 'BYTE_ARRAY', sent_us: 'INT64', output_tokens: 'INT64', decode_tps: 'DOUBLE' })
})

test('Parquet holds whatever number of tokens a server claims', async () => {
  using lab = measuredStore()
  lab.store.sql('UPDATE request SET prompt_tokens = 9007199254740991 WHERE id = 1').run()
  const rows = await parquetRows(bytesOf(exportPlan(lab.store, { planId, format: 'parquet' })))
  expect(rows.find((row) => row['request_id'] === 1)?.['prompt_tokens']).toBe(Number.MAX_SAFE_INTEGER)
})
