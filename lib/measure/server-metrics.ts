import type { Metric, MetricValue } from '../domain/metric.ts'
import type { ServerCounters } from '../domain/record.ts'

type Values = { [M in Metric]?: MetricValue | undefined }

/** Histograms of seconds that servers keep for the same thing, the newest name first. */
const firstToken = ['vllm:time_to_first_token_seconds']
const betweenTokens = [
  'vllm:inter_token_latency_seconds',
  'vllm:time_per_output_token_seconds',
  'tgi_request_mean_time_per_token_duration',
]
const queue = ['vllm:request_queue_time_seconds', 'tgi_request_queue_duration']
const prefill = ['vllm:request_prefill_time_seconds']

/**
 * What a server counts of itself while a trial is measured: means over all that it did then, whoever asked. Sums and counts
 * of its histograms: no percentile of them is taken, whose buckets are too wide.
 */
export function serverMetrics(counters: ServerCounters = {}): Values {
  const betweenMs = meanMs(counters, betweenTokens)
  const cached = shareOf(counters, 'vllm:prefix_cache_hits_total', 'vllm:prefix_cache_queries_total')
  return {
    server_ttft_ms: meanMs(counters, firstToken),
    server_queue_ms: meanMs(counters, queue),
    server_prefill_ms: meanMs(counters, prefill),
    server_tpot_ms: betweenMs ?? llamaTpot(counters),
    server_cached_share: cached,
  }
}

function meanMs(counters: ServerCounters, names: readonly string[]): MetricValue | undefined {
  const name = names.find((candidate) => counters[`${candidate}_count`] !== undefined)
  const n = counters[`${name}_count`]
  return n === undefined ? undefined : { value: (1000 * (counters[`${name}_sum`] ?? 0)) / n, n }
}

/** llama-server counts tokens, and the seconds that it decoded. */
function llamaTpot(counters: ServerCounters): MetricValue | undefined {
  const n = counters['llamacpp:tokens_predicted_total']
  const seconds = counters['llamacpp:tokens_predicted_seconds_total']
  return n === undefined || seconds === undefined ? undefined : { value: (1000 * seconds) / n, n }
}

function shareOf(counters: ServerCounters, part: string, whole: string): MetricValue | undefined {
  const n = counters[whole]
  return n === undefined ? undefined : { value: (counters[part] ?? 0) / n, n }
}
