import { expect, test } from 'vitest'
import { openStore } from '../../lib/store/open-store.ts'
import { CommandLine } from './command-line.ts'
import { storePlan } from './stored-plan.ts'

test('metrics that are missing, wrong or of older definitions are derived again', async () => {
  using lab = new CommandLine()
  storePlan(lab.store, 'complete')
  expect((await lab.run(['derive'])).stdout).toMatchInlineSnapshot(`
    "c0ffee000001: 12 trials, 12 requests, definitions none -> 3; changed: 12 trials, 12 requests (ttft_ms 24, ttft_scheduled_ms 24, ttfot_ms 24, e2e_ms 24, e2e_scheduled_ms 24, request_tps 24, icl_ms 24, tpot_ms 24, decode_tps 24, engine_decode_tps 24, prefill_tps 24, output_tps_compat 12, output_tps 12, request_rate 12, concurrency 12, error_rate 12, load_ms 12, model_bytes 6, effective_bpw 6, rss_peak_bytes 12, rss_mean_bytes 12, pss_peak_bytes 12, pss_mean_bytes 12)
    "
  `)
  {
    using store = openStore({ file: lab.store, mode: 'write' })
    store.sql(`UPDATE measurement SET version = 0 WHERE trial = 1`).run()
    store.sql(`UPDATE measurement SET metrics = json_set(metrics, '$.e2e_ms', 1) WHERE request = 2`).run()
  }
  expect((await lab.run(['derive', 'latest'])).stdout).toMatchInlineSnapshot(`
    "c0ffee000001: 12 trials, 12 requests, definitions 0 and 3 -> 3; changed: 0 trials, 1 request (e2e_ms 1)
    "
  `)
  const { stdout } = await lab.run(['query', 'SELECT DISTINCT e2e_ms FROM v_request', '--json'])
  expect(JSON.parse(stdout).rows).toEqual([{ e2e_ms: 150 }])
})

test('where nothing has changed nothing is written', async () => {
  using lab = new CommandLine()
  storePlan(lab.store, 'complete')
  await lab.run(['derive'])
  // A row that is written anew gets a rowid of its own.
  const rows = async () =>
    (await lab.run(['query', 'SELECT rowid, * FROM measurement ORDER BY rowid', '--json'])).stdout
  const before = await rows()
  expect((await lab.run(['derive'])).stdout).toMatch(/nothing has changed\n$/)
  const { stdout } = await lab.run(['derive', '--json'])
  expect(JSON.parse(stdout).plans[0]).toMatchObject({ trials: 12, changedTrials: 0, before: { 3: 12 }, after: 3 })
  expect(await rows()).toBe(before)
})

test('without a store none is made', async () => {
  using lab = new CommandLine()
  expect(await lab.refused(['derive'])).toMatch(/^2 benchbook: no store at/)
})
