import { expect, test } from 'vitest'
import { metrics } from '../../lib/domain/metric.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { continueLaunch, leftovers } from '../../lib/store/continue-launch.ts'
import { writeMeasurements } from '../../lib/store/measurements.ts'
import { migrations } from '../../lib/store/migrations.ts'
import type { Store } from '../../lib/store/store.ts'
import { views } from '../../lib/store/views.ts'
import {
  claimed,
  commitAll,
  done,
  exampleRequest,
  loaded,
  startedPlan,
  temporaryStore,
  trialRecords,
} from './example.ts'
import { markStarted } from '../../lib/store/launches.ts'

const select = (store: Store, sql: string) => store.read(() => store.sql(sql).all())
const first = (store: Store, sql: string) => select(store, sql)[0] as Record<string, unknown> | undefined

test('the views use no function that the stock sqlite3 program lacks', () => {
  const called = [...views.matchAll(/\b([a-z_]+)\s*\(/gi)].map((match) => (match[1] as string).toLowerCase())
  const keywords = new Set(['over', 'as', 'cast', 'in', 'and', 'when', 'exists'])
  const used = [...new Set(called)].filter((name) => !keywords.has(name)).toSorted()
  expect(used).toEqual(['avg', 'coalesce', 'exp', 'group_concat', 'json_each', 'json_extract', 'ln', 'substr', 'sum'])
})

test('the views of a released version stay: one that changes takes a migration and a new figure here', async () => {
  const { createHash } = await import('node:crypto')
  const figure = createHash('sha256').update(views).digest('hex').slice(0, 12)
  expect({ version: migrations.length, figure }).toMatchInlineSnapshot(`
    {
      "figure": "2f8625ae4480",
      "version": 4,
    }
  `)
})

test('every view tells status, reason and invalid, and names the metrics as they are defined', () => {
  using lab = temporaryStore()
  const columns = (view: string) =>
    lab.store
      .read(() => lab.store.sql<{ name: string }>(`SELECT name FROM pragma_table_info('${view}')`).all())
      .map((row) => row.name)
  const names = Object.entries(metrics)
  const ofRequests = names.filter(([, facts]) => facts.level === 'request').map(([name]) => name)
  for (const view of ['v_request', 'v_trial', 'v_cell', 'v_event'])
    expect(columns(view)).toEqual(
      expect.arrayContaining(['plan_id', 'experiment', 'cell_id', 'axes', 'status', 'reason', 'invalid']),
    )
  expect(columns('v_request')).toEqual(expect.arrayContaining(ofRequests))
  for (const view of ['v_trial', 'v_cell'])
    expect(columns(view)).toEqual(expect.arrayContaining(names.map(([name]) => name)))
})

test('a request and a trial show their metrics, and NULL for those they lack', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  commitAll(lab.store, launchId, [claimed, loaded, ...trialRecords(1)])
  expect(first(lab.store, 'SELECT * FROM v_request')).toMatchObject({ status: 'ok', ttft_ms: null })
  writeMeasurements(lab.store, {
    trialId: 1,
    metrics: { ttft_ms: { value: 99.5, n: 1, median: 99.5 }, error_rate: { value: 0, n: 1 } },
    requests: [{ id: 1, metrics: { ttft_ms: 99.5 } }],
  })
  expect(first(lab.store, 'SELECT * FROM v_request')).toMatchObject({
    plan_id: 'c0ffee000001',
    experiment: 'quick',
    launch_id: 1,
    trial_id: 1,
    request_id: 1,
    cell_id: 'f16-chat'.padEnd(64, '0'),
    phase: 'measured',
    prompt_id: 'p1',
    status: 'ok',
    reason: null,
    invalid: null,
    ttft_ms: 99.5,
    tpot_ms: null,
  })
  const trial = first(lab.store, 'SELECT * FROM v_trial WHERE trial_id = 1')
  expect(trial).toMatchObject({ status: 'ok', invalid: null, ttft_ms: 99.5, error_rate: 0, perplexity: null })
  expect(JSON.parse(trial?.['metrics'] as string)).toHaveProperty('ttft_ms.median', 99.5)
})

test('events are spread out with their times from send', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  const varied: RequestTimeline = {
    ...exampleRequest,
    events: { deltasUs: [5, 7, 0], tokens: [2, 1, 4], channels: ['reasoning', 'text', 'text'], reads: [0, 1, 1] },
  }
  const spread: RequestTimeline = { ...exampleRequest, events: { deltasUs: [9], characters: [12] } }
  commitAll(lab.store, launchId, [claimed, loaded, ...trialRecords(1, [exampleRequest, varied, spread])])
  const columns = 'event, at_us, delta_us, tokens, characters, channel, socket_read'
  const rows = select(
    lab.store,
    `SELECT ${columns} FROM v_event WHERE trial_id = 1 ORDER BY request_id, event`,
  ) as object[]
  expect(rows.map((row) => Object.values(row))).toEqual([
    [0, 100_000, 100_000, 1, null, 'text', 0],
    [1, 120_000, 20_000, 1, null, 'text', 1],
    [2, 150_000, 30_000, 1, null, 'text', 2],
    [0, 5, 5, 2, null, 'reasoning', 0],
    [1, 12, 7, 1, null, 'text', 1],
    [2, 12, 0, 4, null, 'text', 1],
    [0, 9, 9, null, 12, 'text', 0],
  ])
})

/** The first cell measured in both blocks and once more after a crash. */
function measureTwice(store: Store): void {
  const { launchId, sessionId } = startedPlan(store)
  commitAll(store, launchId, [claimed, loaded, ...[1, 2, 3].flatMap((trial) => trialRecords(trial)), done])
  markStarted(store, { launchId: 3, sessionId, spool: '/spools/3' })
  const [started, ...rest] = trialRecords(7)
  if (started === undefined) throw new Error('no records')
  commitAll(store, 3, [claimed, loaded, started, ...rest, { kind: 'done', outcome: { status: 'stopped' }, atMs: 1 }])
  continueLaunch(store, leftovers(store, 'c0ffee000001')[0] ?? { launchId: 0, trialIds: [] })
}

test("a cell's value is the mean over launches, geometric or arithmetic as its metric says", () => {
  using lab = temporaryStore()
  measureTwice(lab.store)
  const write = (trialId: number, ttft: number, errors: number) =>
    writeMeasurements(lab.store, {
      trialId,
      metrics: {
        ttft_ms: { value: ttft },
        error_rate: { value: errors },
        ...(trialId === 1 && { tpot_ms: { value: 3 } }),
      },
      requests: [],
    })
  write(1, 50, 0)
  write(7, 200, 0.5)
  const cell = first(lab.store, `SELECT * FROM v_cell WHERE cell_id = '${'f16-chat'.padEnd(64, '0')}'`)
  expect(cell).toMatchObject({ status: 'ok', n: 2, invalid: 0, failed: 0, error_rate: 0.25 })
  expect(cell?.['ttft_ms']).toBeCloseTo(100, 10)
  expect(cell?.['tpot_ms']).toBeCloseTo(3, 12)
  expect(cell?.['perplexity']).toBeNull()
})

test('what a model answers is as good in a trial whose times are not', () => {
  using lab = temporaryStore()
  measureTwice(lab.store)
  const invalidate = (reason: string) =>
    lab.store.write(() =>
      lab.store.sql(`UPDATE trial SET invalid = '[{"reason":"${reason}","detail":""}]' WHERE id = 7`).run(),
    )
  for (const [trialId, value] of [
    [1, 2],
    [7, 8],
  ] as const)
    writeMeasurements(lab.store, {
      trialId,
      metrics: { perplexity: { value }, kld: { value }, ttft_ms: { value } },
      requests: [],
    })
  const query = `SELECT n, perplexity, kld, ttft_ms FROM v_cell WHERE cell_id LIKE 'f16-chat%'`
  invalidate('contention')
  expect(first(lab.store, query)).toEqual({ n: 1, perplexity: expect.closeTo(4, 10), kld: 5, ttft_ms: 2 })
  invalidate('littles-law')
  expect(first(lab.store, query)).toEqual({ n: 1, perplexity: 2, kld: 2, ttft_ms: 2 })
})

test('invalid and failed trials are counted, and left out of the mean', () => {
  using lab = temporaryStore()
  measureTwice(lab.store)
  writeMeasurements(lab.store, { trialId: 1, metrics: { ttft_ms: { value: 50 } }, requests: [] })
  writeMeasurements(lab.store, { trialId: 7, metrics: { ttft_ms: { value: 200 } }, requests: [] })
  lab.store.write(() =>
    lab.store.sql(`UPDATE trial SET invalid = '[{"reason":"throttled","detail":""}]' WHERE id = 7`).run(),
  )
  const query = `SELECT status, reason, invalid, failed, n, ttft_ms FROM v_cell WHERE cell_id LIKE 'f16-chat%'`
  expect(first(lab.store, query)).toMatchObject({ status: 'ok', invalid: 1, n: 1, ttft_ms: expect.closeTo(50, 10) })
  lab.store.write(() =>
    lab.store.sql(`UPDATE trial SET status = 'failed', reason = 'crashed' WHERE id IN (1, 7)`).run(),
  )
  expect(first(lab.store, query)).toEqual({
    status: 'failed',
    reason: 'crashed',
    invalid: 0,
    failed: 2,
    n: 0,
    ttft_ms: null,
  })
})

test('a cell that will not run is a row with its reason', () => {
  using lab = temporaryStore()
  startedPlan(lab.store)
  expect(first(lab.store, `SELECT * FROM v_cell WHERE status = 'skipped'`)).toMatchObject({
    plan_id: 'c0ffee000001',
    cell_id: null,
    axes: '{"model":"demo","quantization":"q2_k"}',
    reason: 'format',
    n: 0,
    ttft_ms: null,
  })
  expect(select(lab.store, `SELECT * FROM v_cell WHERE status = 'pending'`)).toHaveLength(6)
})
