import { expect, test } from 'vitest'
import { serverMetrics } from '../../lib/measure/server-metrics.ts'

test("means come from the sums and counts of a server's own histograms", () => {
  const counters = {
    'vllm:time_to_first_token_seconds_sum': 0.25,
    'vllm:time_to_first_token_seconds_count': 5,
    'vllm:request_queue_time_seconds_count': 5,
    'vllm:inter_token_latency_seconds_sum': 2,
    'vllm:inter_token_latency_seconds_count': 400,
    'vllm:prefix_cache_queries_total': 200,
  }
  expect(serverMetrics(counters)).toEqual({
    server_ttft_ms: { value: 50, n: 5 },
    server_queue_ms: { value: 0, n: 5 },
    server_prefill_ms: undefined,
    server_tpot_ms: { value: 5, n: 400 },
    server_cached_share: { value: 0, n: 200 },
  })
})

test('older names, and those of other servers, are known', () => {
  const older = { 'vllm:time_per_output_token_seconds_sum': 1, 'vllm:time_per_output_token_seconds_count': 100 }
  expect(serverMetrics(older).server_tpot_ms).toEqual({ value: 10, n: 100 })
  const llama = { 'llamacpp:tokens_predicted_total': 50, 'llamacpp:tokens_predicted_seconds_total': 1 }
  expect(serverMetrics(llama).server_tpot_ms).toEqual({ value: 20, n: 50 })
})

test('a server that counts nothing has none', () => {
  expect(Object.values(serverMetrics()).filter((value) => value !== undefined)).toEqual([])
})
