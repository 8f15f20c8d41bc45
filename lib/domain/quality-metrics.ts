import type { MetricFacts } from './metric-facts.ts'

/**
 * What a model answers, and not how fast: deterministic at temperature 0. Those against a base are as llama-perplexity computes
 * them with `--kl-divergence`, over the scored tokens of all windows: p is this model's probability, p_base the base's.
 */
export const qualityMetrics = {
  perplexity: {
    level: 'trial',
    unit: '',
    better: 'lower',
    mean: 'geometric',
    samples: 'chunks',
    label: 'perplexity',
    definition: 'exp of the mean negative log-likelihood of the scored tokens, windows as llama-perplexity cuts them',
  },
  ppl_ratio: {
    level: 'trial',
    unit: '',
    better: 'lower',
    mean: 'geometric',
    samples: 'chunks',
    label: 'perplexity / base',
    definition: "perplexity / the base's, over the same tokens",
  },
  kld: {
    level: 'trial',
    unit: 'nats',
    better: 'lower',
    mean: 'arithmetic',
    samples: 'chunks',
    label: 'KL divergence',
    definition:
      'mean over scored tokens of sum p_base (ln p_base - ln p) over the vocabulary, without terms whose ln p_base is -16 or less',
  },
  kld_at_least: {
    level: 'trial',
    unit: 'nats',
    better: 'lower',
    mean: 'arithmetic',
    samples: 'chunks',
    label: 'KL divergence, at least',
    definition:
      'a lower bound of kld, of an engine that tells its likeliest tokens only: the sum over those that both name, all others taken as one',
  },
  kld_median: {
    level: 'trial',
    unit: 'nats',
    better: 'lower',
    mean: 'arithmetic',
    label: 'KL divergence, median',
    definition: 'median over scored tokens of what kld is the mean of',
  },
  kld_p99: {
    level: 'trial',
    unit: 'nats',
    better: 'lower',
    mean: 'arithmetic',
    label: 'KL divergence, p99',
    definition: '99th percentile over scored tokens of what kld is the mean of',
  },
  kld_max: {
    level: 'trial',
    unit: 'nats',
    better: 'lower',
    mean: 'arithmetic',
    label: 'KL divergence, largest',
    definition: 'largest of what kld is the mean of',
  },
  top_token_share: {
    level: 'trial',
    unit: '',
    better: 'higher',
    mean: 'arithmetic',
    samples: 'chunks',
    label: 'same top token',
    definition: 'scored tokens for which model and base hold the same token for the likeliest / scored tokens',
  },
  p_change_rms: {
    level: 'trial',
    unit: '',
    better: 'lower',
    mean: 'arithmetic',
    label: 'RMS change of p',
    definition: 'root of the mean over scored tokens of (p - p_base)^2, both of the token that follows in the text',
  },
  check_share: {
    level: 'request',
    unit: '',
    better: 'higher',
    mean: 'arithmetic',
    samples: 'prompts',
    label: 'checks passed',
    definition: "answers that are as their prompt's `expected` says / answers to prompts that have one",
  },
} as const satisfies Record<string, MetricFacts>
