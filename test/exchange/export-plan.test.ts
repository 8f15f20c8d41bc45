import { expect, test } from 'vitest'
import { exportPlan } from '../../lib/exchange/export-plan.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { readPlanData } from '../../lib/store/read-plan-data.ts'
import { writeMeasurements } from '../../lib/store/measurements.ts'
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
} from '../store/example.ts'

const planId = examplePlan().id
const text = (store: Store, format: 'csv' | 'json' | 'jsonl') => [...exportPlan(store, { planId, format })].join('')

function measureOne(store: Store): void {
  const { launchId } = startedPlan(store)
  commitAll(store, launchId, [claimed, loaded, ...[1, 2, 3].flatMap((trial) => trialRecords(trial)), done])
  writeMeasurements(store, {
    trialId: 1,
    metrics: { ttft_ms: { value: 99.5, n: 1, median: 99.5 }, error_rate: { value: 0, n: 1 } },
    requests: [{ id: 1, metrics: { ttft_ms: 99.5 } }],
  })
}

/** The rows as objects; the example has no field with a comma or a line end. */
function rows(csv: string): Record<string, string>[] {
  const [head = '', ...lines] = csv.split('\r\n').slice(0, -1)
  const columns = head.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [columns[i] ?? '', value])))
}

test('CSV has a row per trial and per skipped cell, each with its axes, status and reason', () => {
  using lab = temporaryStore()
  measureOne(lab.store)
  const found = rows(text(lab.store, 'csv'))
  expect(found).toHaveLength(13)
  expect(found[0]).toMatchObject({
    plan_id: planId,
    experiment: 'quick',
    cell_id: 'f16-chat'.padEnd(64, '0'),
    model: 'demo',
    quantization: 'f16',
    workload: 'chat',
    block: '0',
    launch_id: '1',
    attempt: '1',
    device: 'cpu0',
    trial_id: '1',
    status: 'ok',
    reason: '',
    invalid: '',
    ttft_ms: '99.5',
    ttft_ms_median: '99.5',
    ttft_ms_p99: '',
    error_rate: '0',
    perplexity: '',
  })
  expect(found[12]).toMatchObject({
    status: 'skipped',
    reason: 'format',
    quantization: 'q2_k',
    trial_id: '',
    ttft_ms: '',
  })
})

test('the columns of CSV are always the same', () => {
  using lab = temporaryStore()
  startedPlan(lab.store)
  const [head = ''] = text(lab.store, 'csv').split('\r\n')
  expect(head.split(',').slice(0, 23)).toMatchInlineSnapshot(`
    [
      "plan_id",
      "experiment",
      "cell_id",
      "model",
      "quantization",
      "workload",
      "block",
      "launch_id",
      "attempt",
      "device",
      "role",
      "trial_id",
      "status",
      "reason",
      "detail",
      "invalid",
      "unused",
      "ttft_ms",
      "ttft_ms_n",
      "ttft_ms_median",
      "ttft_ms_p90",
      "ttft_ms_p95",
      "ttft_ms_p99",
    ]
  `)
  expect(head.split(',').filter((column) => column.startsWith('perplexity'))).toEqual([
    'perplexity',
    'perplexity_n',
    'perplexity_error',
    'perplexity_low',
    'perplexity_high',
  ])
})

test('an invalid trial says in CSV what speaks against it', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  commitAll(lab.store, launchId, [
    claimed,
    loaded,
    { kind: 'trial-started', trialId: 1, atUs: 1 },
    {
      kind: 'trial-ended',
      trialId: 1,
      atUs: 2,
      end: { status: 'failed', reason: 'engine-error', detail: '=cmd|calc' },
      invalid: [{ reason: 'throttled', detail: 'bit 2 set' }],
    },
  ])
  expect(rows(text(lab.store, 'csv'))[0]).toMatchObject({
    status: 'failed',
    detail: "'=cmd|calc",
    invalid: 'throttled: bit 2 set',
  })
})

test('JSON has the whole plan, with every request as it was recorded and what was derived from it', () => {
  using lab = temporaryStore()
  measureOne(lab.store)
  const { trials, ...rest } = JSON.parse(text(lab.store, 'json'))
  const { plan, sessions, launches, manifests, artifacts, trials: expected } = readPlanData(lab.store, planId)
  expect(rest).toEqual({ benchbook: 1, plan, sessions, launches, manifests, artifacts })
  expect(trials).toHaveLength(12)
  expect(trials[0]).toEqual({
    ...expected[0],
    memory: [{ atUs: 600, rssBytes: 100, pssBytes: 60, otherCores: 0.25 }, { atUs: 700 }],
    requests: [{ id: 1, index: 0, ...exampleRequest, metrics: { ttft_ms: 99.5 } }],
  })
})

test('a plan without trials is JSON too', () => {
  using lab = temporaryStore()
  insertPlan(lab.store, examplePlan({ cells: [], launches: [] }))
  expect(JSON.parse(text(lab.store, 'json'))).toMatchObject({ benchbook: 1, trials: [] })
})
