import type { MetricValue } from '../domain/metric.ts'
import type { Calibration, ClientHealth, Invalidity, Precedence, Spread } from '../domain/record.ts'
import { z } from '../parse/schema.ts'
import type { Shape } from '../parse/shape.ts'
import { atMs, count, metricName, planId, rowId, sha256Hex, shortText } from './bundle-plan-schema.ts'
import { failureReason, invalidReason } from './bundle-reasons.ts'
import { manifestSchema } from './manifest-schema.ts'

// The rows of what was measured. A field that is absent is NULL in the store.

const longText = z.string().max(10_000_000)
const micros = z.int()
const number = z.number()

const spread = z.strictObject({ p50: number, p99: number, max: number } satisfies Shape<Spread>)
const precedence = z.strictObject({ realTime: z.boolean(), awake: z.boolean() } satisfies Shape<Precedence>)
const calibration = z.strictObject({
  atMs,
  precedence: precedence.exactOptional(),
  ttftMs: spread,
  gapErrorMs: spread,
  sendLagMs: spread,
  loopDelayMs: spread,
  eventsPerSecond: number,
  cpuUsPerEvent: number,
} satisfies Shape<Calibration>)

export const sessionRow = z.strictObject({
  id: rowId,
  plan: planId,
  started_at_ms: atMs,
  ended_at_ms: atMs.exactOptional(),
  resumes: count,
  status: z.enum(['running', 'ended', 'interrupted']),
  calibration: calibration.exactOptional(),
})

export const manifestRow = z.strictObject({ digest: sha256Hex, setup: sha256Hex, manifest: manifestSchema })

const outcome = z.union([
  z.strictObject({ status: z.literal('ok') }),
  z.strictObject({ status: z.literal('failed'), reason: failureReason, detail: longText, logTail: longText }),
  z.strictObject({ status: z.literal('stopped') }),
  z.strictObject({ status: z.literal('refused'), detail: longText, by: z.literal('guard').exactOptional() }),
])
const state = z.enum(['pending', 'running', 'ok', 'failed', 'interrupted'])

export const launchRow = z.strictObject({
  id: rowId,
  plan: planId,
  ordinal: count,
  block: count,
  arm: longText,
  stratum: longText,
  device: shortText,
  role: z.enum(['twin', 'sentinel']).exactOptional(),
  attempt: rowId,
  continues: rowId.exactOptional(),
  session: rowId.exactOptional(),
  status: state,
  outcome: outcome.exactOptional(),
  load_ms: number.exactOptional(),
  manifest: sha256Hex.exactOptional(),
  claimed_at_ms: atMs.exactOptional(),
  ended_at_ms: atMs.exactOptional(),
  vram_claimed_bytes: count.exactOptional(),
  vram_reserved_bytes: count.exactOptional(),
})

const client = z.strictObject({
  processes: count,
  precedence: precedence.exactOptional(),
  cpuCores: number,
  loopDelayMs: spread,
  events: count,
  reads: count,
  eventsPerRead: spread,
  underWay: z
    .strictObject({ requests: count, seconds: number, stretchSeconds: number.exactOptional() })
    .exactOptional(),
  beganApartMs: number.exactOptional(),
} satisfies Shape<ClientHealth>)

export const trialRow = z.strictObject({
  id: rowId,
  launch: rowId,
  cell: rowId,
  status: state,
  reason: failureReason.exactOptional(),
  detail: longText.exactOptional(),
  invalid: z
    .array(z.strictObject({ reason: invalidReason, detail: longText } satisfies Shape<Invalidity>))
    .max(1000)
    .exactOptional(),
  started_us: micros.exactOptional(),
  ended_us: micros.exactOptional(),
  unused: z.enum(['retried', 'interrupted', 'block-repeated']).exactOptional(),
  client: client.exactOptional(),
  counters: z.record(shortText, number).exactOptional(),
})

const integers = z.array(micros).exactOptional()
const engine = { engine_prompt_tokens: count.exactOptional(), engine_decode_tokens: count.exactOptional() }
const engineMs = {
  engine_prompt_ms: number.exactOptional(),
  engine_decode_ms: number.exactOptional(),
  engine_load_ms: number.exactOptional(),
  engine_total_ms: number.exactOptional(),
}

/** Where its output is left out, `output_sha256` is the digest of its UTF-8. */
export const requestRow = z.strictObject({
  id: rowId,
  trial: rowId,
  record: count,
  ordinal: count,
  phase: z.enum(['warmup', 'measured']),
  part: z.enum(['completion', 'prefill', 'decode', 'window']),
  prompt_id: shortText,
  client: count,
  scheduled_us: micros,
  sent_us: micros,
  done_us: micros,
  status: z.enum(['ok', 'failed']),
  finish: z.enum(['length', 'stop']).exactOptional(),
  reason: failureReason.exactOptional(),
  detail: longText.exactOptional(),
  prompt_tokens: count.exactOptional(),
  cached_tokens: count.exactOptional(),
  output_tokens: count.exactOptional(),
  tokens_from: z.enum(['engine', 'usage', 'tokenizer']).exactOptional(),
  event_deltas_us: integers,
  event_tokens: integers,
  event_characters: integers,
  event_channels: z.array(z.enum(['text', 'reasoning', 'tool'])).exactOptional(),
  event_reads: integers,
  ...engine,
  ...engineMs,
  nll: z.array(number).exactOptional(),
  output: z.string().max(50_000_000).exactOptional(),
  output_sha256: sha256Hex.exactOptional(),
  pool_wait_us: micros.exactOptional(),
  connect_us: micros.exactOptional(),
  first_chunk_us: micros.exactOptional(),
  empty_chunks_us: integers,
  counted_tokens: count.exactOptional(),
  base_nll: z.array(number).exactOptional(),
  base_kld: z.array(number).exactOptional(),
  base_same_top: z.array(z.int().min(0).max(1)).exactOptional(),
  base_is_bound: z.literal(1).exactOptional(),
})

const sampled = number.exactOptional()
export const telemetryRow = z.strictObject({
  trial: rowId,
  at_us: micros,
  rss_bytes: sampled,
  pss_bytes: sampled,
  vram_bytes: sampled,
  other_cores: sampled,
  anon_bytes: sampled,
  file_bytes: sampled,
  pss_anon_bytes: sampled,
  pss_file_bytes: sampled,
  cpu_seconds: sampled,
  processes: sampled,
  gpu_used_bytes: sampled,
  gpu_reserved_bytes: sampled,
  gpu_power_w: sampled,
  gpu_utilization: sampled,
  gpu_celsius: sampled,
  gpu_sm_mhz: sampled,
  gpu_slowdowns: sampled,
})

const value = z.strictObject({
  value: number,
  n: number.exactOptional(),
  median: number.exactOptional(),
  p90: number.exactOptional(),
  p95: number.exactOptional(),
  p99: number.exactOptional(),
  error: number.exactOptional(),
  low: number.exactOptional(),
  high: number.exactOptional(),
} satisfies Shape<MetricValue>)

/** Of a trial or of a request. */
export const measurementRow = z
  .strictObject({
    trial: rowId.exactOptional(),
    request: rowId.exactOptional(),
    version: count,
    metrics: z.union([z.partialRecord(metricName, value), z.partialRecord(metricName, number)]),
  })
  .refine(
    ({ trial, metrics }) =>
      Object.values(metrics).every((each) => (typeof each === 'object') === (trial !== undefined)),
    'has numbers of a request beside values of a trial',
  )
