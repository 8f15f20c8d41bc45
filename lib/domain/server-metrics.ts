import type { MetricFacts } from './metric-facts.ts'

/** What a server counts of itself, beside what its client saw. */
export const serverMetrics = {
  server_ttft_ms: {
    level: 'trial',
    unit: 'ms',
    better: 'lower',
    mean: 'arithmetic',
    label: 'TTFT, server',
    definition: "mean time to the first token by the server's own histogram, over all that it answered while measured",
  },
  server_queue_ms: {
    level: 'trial',
    unit: 'ms',
    better: 'lower',
    mean: 'arithmetic',
    label: 'queue, server',
    definition: 'mean time that requests waited in the server, by its own histogram',
  },
  server_prefill_ms: {
    level: 'trial',
    unit: 'ms',
    better: 'lower',
    mean: 'arithmetic',
    label: 'prefill, server',
    definition: 'mean time that the server took for prompts, by its own histogram',
  },
  server_tpot_ms: {
    level: 'trial',
    unit: 'ms',
    better: 'lower',
    mean: 'arithmetic',
    label: 'TPOT, server',
    definition:
      "mean time per output token by the server's own count: a mean over tokens, where tpot_ms is one over requests",
  },
  server_cached_share: {
    level: 'trial',
    unit: '',
    better: 'neither',
    mean: 'arithmetic',
    label: 'cached, server',
    definition:
      'prompt tokens that the server found in its prefix cache / those that it looked for there, by its own counters',
  },
} as const satisfies Record<string, MetricFacts>
