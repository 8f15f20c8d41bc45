/** Raised only when measuring or a definition itself changes, so that an ordinary commit breaks nothing. */
export const measurementVersion = 1

type MetricFacts = {
  /** Of one request (a trial's value is the geometric mean over prompts of the mean per prompt), or of a whole trial. */
  level: 'request' | 'trial'
  unit: string
  better: 'higher' | 'lower' | 'neither'
  /** How values of several launches make a cell's value: arithmetic where a value can be 0. */
  mean: 'geometric' | 'arithmetic'
  /** Short name for a table's head. */
  label: string
  /** The formula in one line, as in METRICS of the design: t_1 is the first content event, N the output tokens. */
  definition: string
}

/** Every metric that is derived from raw timings: the names of the views' columns. */
export const metrics = {
  ttft_ms: {
    level: 'request',
    unit: 'ms',
    better: 'lower',
    mean: 'geometric',
    label: 'TTFT',
    definition: 't_1 - sent',
  },
  ttft_scheduled_ms: {
    level: 'request',
    unit: 'ms',
    better: 'lower',
    mean: 'geometric',
    label: 'TTFT from schedule',
    definition: 't_1 - scheduled',
  },
  icl_ms: {
    level: 'request',
    unit: 'ms',
    better: 'lower',
    mean: 'geometric',
    label: 'ICL',
    definition: 't_i - t_(i-1), between chunks, not tokens: the mean of a request; percentiles over all of them',
  },
  tpot_ms: {
    level: 'request',
    unit: 'ms',
    better: 'lower',
    mean: 'geometric',
    label: 'TPOT',
    definition: '(t_last - t_1) / (N - n_1)',
  },
  decode_tps: {
    level: 'request',
    unit: 'tokens/s',
    better: 'higher',
    mean: 'geometric',
    label: 'decode',
    definition: '1000 / tpot_ms',
  },
  e2e_ms: {
    level: 'request',
    unit: 'ms',
    better: 'lower',
    mean: 'geometric',
    label: 'E2E',
    definition: 't_last - sent',
  },
  e2e_scheduled_ms: {
    level: 'request',
    unit: 'ms',
    better: 'lower',
    mean: 'geometric',
    label: 'E2E from schedule',
    definition: 't_last - scheduled',
  },
  request_tps: {
    level: 'request',
    unit: 'tokens/s',
    better: 'higher',
    mean: 'geometric',
    label: 'request speed',
    definition: '1000 * N / e2e_ms: prefill and decode together',
  },
  prefill_tps: {
    level: 'request',
    unit: 'tokens/s',
    better: 'higher',
    mean: 'geometric',
    label: 'prefill',
    definition: "uncached prompt tokens / the engine's own prompt time; with one client only",
  },
  pp_tps: {
    level: 'request',
    unit: 'tokens/s',
    better: 'higher',
    mean: 'geometric',
    label: 'pp',
    definition: 'prompt tokens / (done - sent) of a prefill: what llama-bench calls pp',
  },
  tg_tps: {
    level: 'request',
    unit: 'tokens/s',
    better: 'higher',
    mean: 'geometric',
    label: 'tg',
    definition: '1000 * N / e2e_ms of single-token decodes from an empty prompt: what llama-bench calls tg',
  },
  engine_decode_tps: {
    level: 'request',
    unit: 'tokens/s',
    better: 'higher',
    mean: 'geometric',
    label: 'decode, engine',
    definition: "tokens decoded / decode time, both by the engine's own counter; with one client only",
  },
  output_tps: {
    level: 'trial',
    unit: 'tokens/s',
    better: 'higher',
    mean: 'geometric',
    label: 'output',
    definition:
      'tokens of all content events inside the window / window; the window runs from the first measured send until the first client idles for want of work, or the duration ends',
  },
  output_tps_compat: {
    level: 'trial',
    unit: 'tokens/s',
    better: 'higher',
    mean: 'geometric',
    label: 'output, as other tools count',
    definition:
      'tokens of successful requests / (last end - first start), without requests cut off by the end of a duration',
  },
  request_rate: {
    level: 'trial',
    unit: 'requests/s',
    better: 'higher',
    mean: 'geometric',
    label: 'requests',
    definition: 'completions inside the window / window',
  },
  error_rate: {
    level: 'trial',
    unit: '',
    better: 'lower',
    mean: 'arithmetic',
    label: 'errors',
    definition: 'failed measured requests / measured requests, without those cut off by the end of a duration',
  },
  load_ms: {
    level: 'trial',
    unit: 'ms',
    better: 'lower',
    mean: 'geometric',
    label: 'load',
    definition: 'engine start to ready',
  },
  model_bytes: {
    level: 'trial',
    unit: 'bytes',
    better: 'lower',
    mean: 'geometric',
    label: 'model file',
    definition: "bytes of the artifact's files",
  },
  effective_bpw: {
    level: 'trial',
    unit: 'bits/weight',
    better: 'neither',
    mean: 'geometric',
    label: 'bits per weight',
    definition: '8 * tensor bytes / parameters',
  },
  rss_peak_bytes: {
    level: 'trial',
    unit: 'bytes',
    better: 'lower',
    mean: 'geometric',
    label: 'peak RSS',
    definition: "largest sample of the resident memory of the engine's process tree during the trial",
  },
  rss_mean_bytes: {
    level: 'trial',
    unit: 'bytes',
    better: 'lower',
    mean: 'geometric',
    label: 'mean RSS',
    definition: 'mean of the same samples',
  },
  pss_peak_bytes: {
    level: 'trial',
    unit: 'bytes',
    better: 'lower',
    mean: 'geometric',
    label: 'peak PSS',
    definition: 'as rss_peak_bytes, shared pages counted by their share',
  },
  pss_mean_bytes: {
    level: 'trial',
    unit: 'bytes',
    better: 'lower',
    mean: 'geometric',
    label: 'mean PSS',
    definition: 'mean of the same samples',
  },
  vram_peak_bytes: {
    level: 'trial',
    unit: 'bytes',
    better: 'lower',
    mean: 'geometric',
    label: 'peak VRAM',
    definition: 'largest sample of the GPU memory of the process tree, as the driver reports it',
  },
  perplexity: {
    level: 'trial',
    unit: '',
    better: 'lower',
    mean: 'geometric',
    label: 'perplexity',
    definition: 'exp of the mean negative log-likelihood of the scored tokens, windows as llama-perplexity cuts them',
  },
} as const satisfies Record<string, MetricFacts>

export type Metric = keyof typeof metrics

/** One metric of one trial. */
export type MetricValue = {
  value: number
  /** Requests (or scored tokens) behind it. */
  n?: number
  median?: number
  /** Only where there are enough samples: ceil(10 / (1 - q)). */
  p90?: number
  p95?: number
  p99?: number
  /** One standard error, where the definition carries one (perplexity). */
  error?: number
  /** 95 % interval by bootstrap over windows (perplexity). */
  low?: number
  high?: number
}
