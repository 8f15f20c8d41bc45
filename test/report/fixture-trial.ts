import type { Cell } from '../../lib/domain/cell.ts'
import type { Metric, MetricValue } from '../../lib/domain/metric.ts'
import type { RequestRow, TrialRow } from '../../lib/domain/plan-data.ts'
import { bits, decodeTps, perplexities, type Quantization } from './fixture-cell.ts'
import { embedded } from '../embedded.ts'

type Run = {
  id: number
  launchId: number
  cellId: string
  block: number
  cell: Cell
  random: () => number
  requests: number
}
/** A trial that went well, with its requests. */
export function trialOf({ id, launchId, cellId, block, cell, random, requests }: Run): {
  trial: TrialRow
  requests: RequestRow[]
} {
  const { config, artifact } = cell
  const quantization = config.quantization as Quantization
  const memory = {
    pss_peak_bytes: value((artifact.bytes ?? 0) * 1.15 + 42_000_000 + embedded(config).threads * 1_500_000),
    rss_peak_bytes: value((artifact.bytes ?? 0) * 1.15 + 61_000_000),
  }
  const size = {
    load_ms: value(170 + 20 * random()),
    model_bytes: value(artifact.bytes ?? 0),
    effective_bpw: value(bits[quantization]),
  }
  const trial = { id, launchId, cellId, block, status: 'ok' as const, invalid: [] }
  const base = { trialId: id, client: 0, sentUs: 0, doneUs: 0, status: 'ok' as const, phase: 'measured' as const }
  if (config.workload.kind === 'perplexity') {
    const perplexity = perplexities[quantization]
    const windows = Array.from({ length: 24 }, (_, index): RequestRow => ({
      ...base,
      id: 0,
      index,
      part: 'window',
      promptId: `window-${index}`,
      promptTokens: 512,
      metrics: {},
    }))
    const found = { value: perplexity, n: 6120, error: 1.02, low: perplexity - 3.4, high: perplexity + 3.6 }
    return { trial: { ...trial, metrics: { perplexity: found, ...memory, ...size } }, requests: windows }
  }
  const speed =
    decodeTps[quantization] * (config.model.name === 'demo' ? 13 : 1) * (embedded(config).threads === 2 ? 1.62 : 1)
  const launch = speed * (1 + 0.03 * (random() - 0.5))
  const rows = Array.from({ length: requests + 1 }, (_, index): RequestRow => {
    const decode = launch * (1 + 0.04 * (random() - 0.5))
    const tpot = 1000 / decode
    const metrics = { ttft_ms: 900 / decode, tpot_ms: tpot, decode_tps: decode, e2e_ms: 900 / decode + 127 * tpot }
    const phase = index === 0 ? { phase: 'warmup' as const, index: 0 } : { index: index - 1 }
    return {
      ...base,
      id: 0,
      ...phase,
      part: 'completion',
      promptId: 'p1',
      promptTokens: 12,
      outputTokens: 128,
      metrics,
    }
  })
  return {
    trial: { ...trial, metrics: { ...requestMetrics(rows), output_tps: value(launch * 0.97), ...memory, ...size } },
    requests: rows,
  }
}

function value(of: number): MetricValue {
  return { value: of }
}

/** Geometric means over the measured requests, as lib/measure has them for one prompt. */
function requestMetrics(rows: readonly RequestRow[]): Partial<Record<Metric, MetricValue>> {
  const measured = rows.filter((row) => row.phase === 'measured')
  const names = ['ttft_ms', 'tpot_ms', 'decode_tps', 'e2e_ms'] as const
  return Object.fromEntries(
    names.map((name) => {
      const values = measured.map((row) => row.metrics[name] ?? 0).toSorted((a, b) => a - b)
      const mean = Math.exp(values.reduce((sum, each) => sum + Math.log(each), 0) / values.length)
      return [name, { value: mean, n: values.length, median: values[Math.floor(values.length / 2)] ?? 0 }]
    }),
  )
}
