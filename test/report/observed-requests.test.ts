import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { buildReport } from '../../lib/lab/build-report.ts'
import type { RequestRow } from '../../lib/domain/plan-data.ts'
import { observedOf, RequestPass } from '../../lib/report/observed-requests.ts'
import { TrialRequestsBuilder } from '../../lib/report/trial-requests.ts'
import { quantile } from '../../lib/stats/quantile.ts'
import { synthesize } from '../bench/synthetic-store.ts'
import { temporaryStore } from '../store/example.ts'
import { fixture } from './fixture.ts'
import { viewOf } from './view.ts'

const small = fixture({ models: ['random-50m'], threads: [1], requests: 100 })

/** What a pass over the requests of `small` sees that is told of a million of them. */
function ofMany() {
  const { requests, ...setting } = small
  const pass = new RequestPass(setting, 1_000_000)
  const csv = [...pass.csv([requests.slice(0, 150), requests.slice(150)])]
  return { csv: Buffer.concat(csv).toString(), observed: pass.result() }
}

test('few requests are listed whole, many by their first ones, and all count', () => {
  expect(observedOf(small).listed).toEqual(small.requests)
  const { observed } = ofMany()
  expect(observed.listed).toHaveLength(3 * 40)
  expect([...observed.trials.values()].map(({ n, measured }) => [n, measured])).toEqual([1, 2, 3].map(() => [101, 100]))
})

test('percentiles rest on every value, however few requests are shown', () => {
  const [few, many] = [observedOf(small), ofMany().observed].map(({ trials }) => trials.get(1)?.values.ttft_ms)
  expect(many).toEqual(few)
  expect(many).toHaveLength(100)
  expect(quantile(many ?? [], 0.9)).toBeGreaterThan(quantile(many ?? [], 0.5) ?? 0)
})

test('a sample is the same every time, and has the failed, the least and the largest in it', () => {
  const first = small.requests[1] as RequestRow
  const requests = Array.from({ length: 5000 }, (_, at): RequestRow => {
    const ttft = at === 1234 ? 999 : at === 2345 ? 0.001 : 5
    const place = { ...first, id: at, index: at, sentUs: 1000 * at }
    return at === 4321 ? { ...place, status: 'failed', metrics: {} } : { ...place, metrics: { ttft_ms: ttft } }
  })
  const sampleOf = () => {
    const builder = new TrialRequestsBuilder({ trialId: 1, room: 20 })
    for (const request of requests) builder.add(request)
    return builder.result().sample
  }
  const sample = sampleOf()
  expect(sample).toEqual(sampleOf())
  expect(sample.length).toBeLessThanOrEqual(23)
  expect(sample.map(({ id }) => id)).toEqual(expect.arrayContaining([1234, 2345, 4321]))
  expect(sample.map(({ sentUs }) => sentUs)).toEqual(sample.map(({ sentUs }) => sentUs).toSorted((x, y) => x - y))
})

test('failed ones are kept from early and late alike', () => {
  const builder = new TrialRequestsBuilder({ trialId: 1, room: 1 })
  const first = small.requests[1] as RequestRow
  for (let at = 0; at < 3000; at += 1) builder.add({ ...first, id: at, sentUs: at, status: 'failed', metrics: {} })
  const late = builder.result().sample.filter(({ sentUs }) => sentUs >= 1500).length
  expect(late).toBeGreaterThan(5)
  expect(late).toBeLessThan(26)
})

test('the CSV has a line for every request, whichever way it was read, and its digest is in the page', () => {
  const { file } = observedOf(small)
  const { csv, observed } = ofMany()
  expect(file.text).toBe(csv)
  expect(observed.file).toEqual({ name: 'quickstart-3f9ac1d2e4b5.requests.csv', rows: 303, digest: file.digest })
  expect(createHash('sha256').update(csv).digest('hex')).toBe(file.digest)
  expect(csv.split('\r\n').slice(0, 2)).toMatchInlineSnapshot(`
    [
      "model,quantization,backend.threads,workload,launch_id,block,trial_id,request_id,phase,ordinal,part,prompt_id,client,status,reason,sent_us,done_us,prompt_tokens,output_tokens,ttft_ms,ttft_scheduled_ms,ttfot_ms,icl_ms,tpot_ms,decode_tps,e2e_ms,e2e_scheduled_ms,request_tps,prefill_tps,pp_tps,tg_tps,engine_decode_tps,check_share",
      "random-50m,f16,1,decode,1,0,1,1,warmup,0,completion,p1,0,ok,,0,0,12,128,4.181836385983396,,,,4.6464848733148845,215.21645443054726,594.2854152969737,,,,,,,",
    ]
  `)
  const { digests, files } = viewOf(small).rebuilding
  expect(digests.map(({ text }) => text)).toContain(file.digest)
  expect(files.map(({ name }) => name)).toContain(file.name)
})

test('what is too big for the page lies beside it, packed, and the page says where', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'report-'))
  try {
    using lab = temporaryStore()
    const planId = synthesize(lab.store, { requests: 700, blocks: 2, clients: [1, 4], tokens: 2 })
    const { text: html } = await buildReport(lab.store, planId, { cwd: folder, env: {}, path: 'x.html' })
    const name = `clients-${planId}.requests.csv.gz`
    expect(readdirSync(folder)).toEqual([name])
    const csv = gunzipSync(readFileSync(join(folder, name)))
    expect(csv.toString().trimEnd().split('\r\n')).toHaveLength(12 * 700 + 1)
    expect(html).toContain(`All 8\u202f400 requests are in the file ${name}`)
    expect(html).toContain(createHash('sha256').update(csv).digest('hex'))
    const piped = await buildReport(lab.store, planId, { cwd: join(folder, 'none'), env: {}, path: '-' })
    expect(piped.text).toBe(html)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
