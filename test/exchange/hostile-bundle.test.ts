import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { planBundle } from '../../lib/exchange/plan-bundle.ts'
import { readBundle } from '../../lib/exchange/read-bundle.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { CommandLine } from '../cli/command-line.ts'
import { temporaryFolder, temporaryStore } from '../store/example.ts'
import { ended } from './ended-bundle.ts'
import { measureIn, planOf, twoArms } from './measured-plan.ts'

let good: readonly string[] = []
const folder = temporaryFolder()
afterAll(() => folder[Symbol.dispose]())

beforeAll(async () => {
  using lab = new CommandLine({ 'experiments/two-arms.yaml': twoArms })
  const plan = await planOf('experiments/two-arms.yaml', lab.root)
  measureIn(lab.store, plan, { tokenMs: { f16: 20, q4_0: 15 } })
  using store = openStore({ file: lab.store, mode: 'read' })
  good = [...planBundle(store, { planId: plan.id, home: '/root' })].map((line) => line.trimEnd())
})

async function said(bytes: Uint8Array): Promise<string> {
  const path = folder.at('x.bundle')
  writeFileSync(path, bytes)
  using into = temporaryStore()
  return await readBundle({ file: 'x.bundle', path }, into.store).then(
    () => 'read',
    (error: Error) => `${error.name}: ${error.message}`,
  )
}

const packed = (text: string) => said(gzipSync(text))
const start = (table: string) => `{"in":"${table}"`
/** The good one with its first row of a table changed as text, and an end that fits. */
function changed(table: string, change: (line: string) => string): Promise<string> {
  const at = good.findIndex((line) => line.startsWith(start(table)))
  const line = change(good[at] ?? '')
  expect(line).not.toBe(good[at])
  return packed(ended(good.slice(0, -1).with(at, line)))
}

type Fields = Record<string, unknown>
/** The same with what the row says. */
const edited = (table: string, edit: (fields: Fields) => void) =>
  changed(table, (line) => {
    const fields = JSON.parse(line) as Fields
    edit(fields)
    return JSON.stringify(fields)
  })
const configOf = (fields: Fields) => fields['config'] as Record<string, Fields>

test('the bundle that is changed below is a good one', async () => {
  expect(await packed(ended(good.slice(0, -1)))).toBe('read')
  expect(await packed(`${good.join('\n')}\n`)).toBe('read')
})

test('what is no bundle, or not a whole one, says so', async () => {
  const whole = gzipSync(`${good.join('\n')}\n`)
  expect(await said(Buffer.from('name: quick\n'))).toMatchInlineSnapshot(
    `"UserError: x.bundle: is no bundle, or damaged: benchbook export ID -o x.bundle makes one"`,
  )
  expect(await said(Buffer.alloc(0))).toMatchInlineSnapshot(
    `"UserError: x.bundle: ends before its end: it was cut off on its way, fetch it again"`,
  )
  expect(await packed('{"a":1}\n')).toMatchInlineSnapshot(
    `"UserError: x.bundle:1: is no bundle: benchbook export ID -o x.bundle makes one"`,
  )
  expect(await packed('')).toMatchInlineSnapshot(
    `"UserError: x.bundle: ends before its end: it was cut off on its way, fetch it again"`,
  )
  expect(await said(whole.subarray(0, whole.length / 2))).toMatchInlineSnapshot(
    `"UserError: x.bundle: ends before its end: it was cut off on its way, fetch it again"`,
  )
  expect(await packed(good.slice(0, -1).join('\n'))).toMatchInlineSnapshot(
    `"UserError: x.bundle:156: ends before its end: it was cut off on its way, fetch it again"`,
  )
  expect(await packed(`${good.slice(0, -2).join('\n')}\n${good.at(-1)}\n`)).toMatchInlineSnapshot(
    `"UserError: x.bundle:156: is not what was written: its digest differs, fetch it again"`,
  )
  expect(await packed(`${good.join('\n')}\n{}\n`)).toMatchInlineSnapshot(
    `"UserError: x.bundle:158: goes on after its end"`,
  )
  const damaged = Buffer.from(whole)
  damaged.fill(0x55, 200, 260)
  expect(await said(damaged)).toMatchInlineSnapshot(
    `"UserError: x.bundle: is no bundle, or damaged: benchbook export ID -o x.bundle makes one"`,
  )
  expect(
    await packed(ended([good[0]?.replace('"version":1', '"version":2') ?? '', ...good.slice(1, -1)])),
  ).toMatchInlineSnapshot(`"UserError: x.bundle:1: was made by a newer benchbook: update this one"`)
})

test('a digit that was changed on the way is found by the digest', async () => {
  const at = good.findIndex((line) => line.startsWith(start('measurement')))
  const line = good[at]?.replace(/"value":(\d)/, (_, digit) => `"value":${(Number(digit) + 1) % 10}`) ?? ''
  expect(line).not.toBe(good[at])
  expect(await packed(`${good.with(at, line).join('\n')}\n`)).toMatchInlineSnapshot(
    `"UserError: x.bundle:109: is not as JSON is written here: a key that stands twice, a number that is too large, a space"`,
  )
})

test('what is made to fill a disk is refused before it has', async () => {
  const mib = 2 ** 20
  const head = gzipSync(`${good[0]}\n`)
  const bomb = gzipSync(Buffer.alloc(100 * mib, 'a'))
  expect(bomb.length).toBeLessThan(200_000)
  expect(await said(Buffer.concat([head, bomb]))).toMatchInlineSnapshot(
    `"UserError: x.bundle: unpacks to far more than any plan: it is made to fill a disk"`,
  )
  const line = Buffer.alloc(65 * mib, 'a')
  expect(await said(Buffer.concat([head, gzipSync(line, { level: 0 })]))).toMatchInlineSnapshot(
    `"UserError: x.bundle: has a line that is longer than 64 MiB"`,
  )
})

test('JSON that could be read in two ways is refused', async () => {
  expect(await changed('plan', (line) => line.replace('{"in"', '{"in":"cell","in"'))).toMatchInlineSnapshot(
    `"UserError: x.bundle:3: is not as JSON is written here: a key that stands twice, a number that is too large, a space"`,
  )
  expect(await changed('plan', (line) => line.replace('"seed":1', '"seed":1e999'))).toMatchInlineSnapshot(
    `"UserError: x.bundle:3: is not as JSON is written here: a key that stands twice, a number that is too large, a space"`,
  )
  expect(
    await changed('plan', (line) => line.replace('"seed":1', '"seed":12345678901234567890')),
  ).toMatchInlineSnapshot(
    `"UserError: x.bundle:3: is not as JSON is written here: a key that stands twice, a number that is too large, a space"`,
  )
  expect(await changed('plan', (line) => line.replace('"seed":1', '"seed": 1'))).toMatchInlineSnapshot(
    `"UserError: x.bundle:3: is not as JSON is written here: a key that stands twice, a number that is too large, a space"`,
  )
  expect(
    await changed('cell', (line) => line.replace('"axes":{', '"axes":{"__proto__":{"x":1},')),
  ).toMatchInlineSnapshot(`"UserError: x.bundle:6: has a key "__proto__""`)
  expect(
    await changed('cell', (line) => line.replace('"axes":{', `"axes":{"a":${'['.repeat(1e5)}${']'.repeat(1e5)},`)),
  ).toMatchInlineSnapshot(`"UserError: x.bundle:6: is nested deeper than 64 levels"`)
  expect(await changed('plan', (line) => `${line}x`)).toMatchInlineSnapshot(`"UserError: x.bundle:3: is not JSON"`)
})

test('a row that the store would not have written is refused, with its line', async () => {
  expect(await edited('plan', (row) => (row['sql'] = 'DROP TABLE plan'))).toMatchInlineSnapshot(
    `"UserError: x.bundle:3: plan.sql: unknown key "sql"; known here: id, experiment, created_at_ms, seed, blocks, command, skipped, compare, guards, objectives, probes, keep_streams"`,
  )
  expect(await edited('plan', (row) => (row['blocks'] = 1e9))).toMatchInlineSnapshot(
    `"UserError: x.bundle:3: plan.blocks: must be at most 1000, got 1000000000"`,
  )
  const margins = [{ metric: 'decode_tps', margin: 1e308 }]
  expect(await edited('plan', (row) => Object.assign(row['compare'] as Fields, { margins }))).toMatchInlineSnapshot(
    `"UserError: x.bundle:3: plan.compare.margins.0.margin: must be at most 1000000000, got 1e+308"`,
  )
  expect(await edited('plan', (row) => (row['id'] = 'aaaaaaaaaaaa'))).toMatchInlineSnapshot(
    `"UserError: x.bundle:3: has rows of another plan"`,
  )
  expect(await edited('trial', (row) => (row['launch'] = 999))).toMatchInlineSnapshot(
    `"UserError: x.bundle:29: has a row that stands twice, or that refers to one that is not there"`,
  )
  expect(await edited('trial', (row) => (row['id'] = 2))).toMatchInlineSnapshot(
    `"UserError: x.bundle:30: has a row that stands twice, or that refers to one that is not there"`,
  )
  expect(await edited('trial', (row) => (row['reason'] = '<script>'))).toMatchInlineSnapshot(
    `"UserError: x.bundle:29: trial.reason: must be one of load-timeout, first-token-timeout, stall, trial-timeout, crashed, start-failed, port-in-use, engine-error, out-of-memory, context-overflow, accelerator-missing, artifact-missing, refused, chat-template, unreachable, unauthorized, rate-limited, server-error, request-refused, connection-reset, closed-early, error-in-stream, malformed-response, nonsense, cut-off, stopped, got "<script>""`,
  )
  expect(await edited('launch', (row) => (row['block'] = 99))).toMatchInlineSnapshot(
    `"UserError: x.bundle:157: has a launch of an arm or a block that it does not have"`,
  )
  expect(await edited('launch', (row) => (row['arm'] = '{"quantization":"other"}'))).toMatchInlineSnapshot(
    `"UserError: x.bundle:157: has a launch of an arm or a block that it does not have"`,
  )
  expect(await edited('launch', (row) => (row['spool'] = '/etc'))).toMatchInlineSnapshot(
    `"UserError: x.bundle:13: launch.spool: unknown key "spool"; known here: id, plan, ordinal, block, arm, stratum, device, role, attempt, continues, session, status, outcome, load_ms, manifest, claimed_at_ms, ended_at_ms, vram_claimed_bytes, vram_reserved_bytes"`,
  )
  expect(await edited('measurement', (row) => (row['metrics'] = { speed: { value: 1 } }))).toMatchInlineSnapshot(
    `"UserError: x.bundle:109: measurement.metrics.speed: unknown key "speed"; known here: ttft_ms, ttft_scheduled_ms, ttfot_ms, icl_ms, tpot_ms, decode_tps, e2e_ms, e2e_scheduled_ms, request_tps, prefill_tps, pp_tps, tg_tps, engine_decode_tps, output_tps, usd_per_mtok, per_usd, output_tps_compat, request_rate, error_rate, goodput, goodput_share, concurrency, send_lag_ms, pool_wait_ms, loop_delay_ms, events_per_read, client_cores, load_ms, model_bytes, effective_bpw, perplexity, ppl_ratio, kld, kld_at_least, kld_median, kld_p99, kld_max, top_token_share, p_change_rms, check_share, server_ttft_ms, server_queue_ms, server_prefill_ms, server_tpot_ms, server_cached_share, rss_peak_bytes, rss_mean_bytes, anon_peak_bytes, file_peak_bytes, pss_peak_bytes, pss_mean_bytes, pss_anon_peak_bytes, pss_file_peak_bytes, vram_peak_bytes, vram_claimed_bytes, vram_reserved_bytes, gpu_used_peak_bytes, cpu_cores, gpu_utilization, power_w, energy_j, j_per_token"`,
  )
  expect(await edited('request', (row) => (row['event_deltas_us'] = [1, 'x']))).toMatchInlineSnapshot(
    `"UserError: x.bundle:45: request.event_deltas_us.1: must be a number, got "x""`,
  )
  expect(await edited('prompt', (row) => (row['text'] = 'another'))).toMatchInlineSnapshot(
    `"UserError: x.bundle:8: has a prompt whose digest is another"`,
  )
  expect(await edited('prompt', (row) => delete row['text'])).toMatchInlineSnapshot(
    `"UserError: x.bundle:8: has a row of prompt without its text, and its head says that all are there"`,
  )
  expect(await edited('manifest', (row) => (row['setup'] = '0'.repeat(64)))).toMatchInlineSnapshot(
    `"UserError: x.bundle:157: has a manifest whose digest is another"`,
  )
  expect(await edited('cell', (row) => (row['arm'] = '{}'))).toMatchInlineSnapshot(
    `"UserError: x.bundle:157: has a cell whose arm is not what its axes say"`,
  )
  expect(
    await packed(ended([good[0] ?? '', good[3] ?? '', ...good.slice(1, 3), ...good.slice(4, -1)])),
  ).toMatchInlineSnapshot(`"UserError: x.bundle:3: has a row of experiment after those of other tables"`)
})

test('settings that no file could have declared are refused', async () => {
  const backend = (change: Fields) => edited('cell', (row) => Object.assign(configOf(row)['backend'] ?? {}, change))
  expect(await backend({ command: '/bin/sh' })).toMatchInlineSnapshot(
    `"UserError: x.bundle:6: cell.config.backend: command: unknown key "command"; known here: kind, threads, batchSize, contextSize, flashAttention, gpuLayers, mmap"`,
  )
  expect(await backend({ kind: 'shell' })).toMatchInlineSnapshot(
    `"UserError: x.bundle:6: cell.config.backend: kind: must be one of llama.cpp, openai, emulator, vllm, transformers-serve, llama-server, llama-cpp-python, ollama, tgi, tgis, caikit, caikit-http, transformers, vllm-offline, got "shell""`,
  )
  expect(await backend({ threads: 1e9 })).toMatchInlineSnapshot(
    `"UserError: x.bundle:6: cell.config.backend: threads: must be at most 1024, got 1000000000"`,
  )
  expect(await backend({ name: '../../x' })).toMatchInlineSnapshot(
    `"UserError: x.bundle:6: cell.config.backend.name: must be letters, digits, ".", "_" and "-", 80 at most, got "../../x""`,
  )
  const source = (artifact: object) => edited('cell', (row) => Object.assign(row['config'] as Fields, { artifact }))
  expect(await source({ kind: 'hf', repo: '../../x', revision: 'main' })).toMatchInlineSnapshot(
    `"UserError: x.bundle:6: cell.config.artifact: hf: must be a repository such as org/name, got "../../x""`,
  )
  expect(await source({ kind: 'hf', repo: 'a/b', revision: 'main', file: '../x.gguf' })).toMatchInlineSnapshot(
    `"UserError: x.bundle:6: cell.config.artifact: file: must be a GGUF file of the repository, got "../x.gguf""`,
  )
  expect(await source({ kind: 'command', command: 'rm' })).toMatchInlineSnapshot(
    `"UserError: x.bundle:6: cell.config.artifact: is no source of a model"`,
  )
  expect(await source({ kind: 'path', path: 'x.gguf', command: 'rm' })).toMatchInlineSnapshot(
    `"UserError: x.bundle:6: cell.config.artifact: has a key that none of kind path has: "command""`,
  )
  expect(await source({ kind: 'random', parameters: 1e15, type: 'f16' })).toMatchInlineSnapshot(
    `"UserError: x.bundle:6: cell.config.artifact: random.parameters: must be at most 1000000000, got 1000000000000000"`,
  )
  expect(await source({ kind: 'random', parameters: 5e6, type: '../x' })).toMatchInlineSnapshot(
    `"UserError: x.bundle:6: cell.config.artifact: has random weights of no known type"`,
  )
  const load = (change: Fields) => edited('cell', (row) => Object.assign(configOf(row)['load'] ?? {}, change))
  expect(await load({ clients: 1e9 })).toMatchInlineSnapshot(
    `"UserError: x.bundle:6: cell.config.load: clients: must be at most 10000, got 1000000000"`,
  )
  expect(await load({ requests: 1e12 })).toMatchInlineSnapshot(
    `"UserError: x.bundle:6: cell.config.load: requests: must be at most 1000000, got 1000000000000"`,
  )
  expect(await edited('cell', (row) => ((row['limits'] as Fields)['trialMs'] = 1e15))).toMatchInlineSnapshot(
    `"UserError: x.bundle:6: cell.limits.trialMs: must be at most 604800000, got 1000000000000000"`,
  )
})
