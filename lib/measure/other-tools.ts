import type { Metric } from '../domain/metric.ts'
import type { Answer } from './answer.ts'

/** What another tool reports, and how it comes to that. */
export type ToolMetric = {
  unit: 'ms' | 'tokens/s' | 'requests/s'
  /** In one line. N is the output tokens, "chunk" whatever a server sends with an empty role too, "content" what we call an event. */
  definition: string
  /** Ours of the same kind, to be read beside it. */
  ours?: Metric
} & (
  | { of: 'request'; value: (answer: Answer) => number | undefined }
  /** Pooled over all requests. */
  | { of: 'gap'; values: (answer: Answer) => readonly number[] }
  | { of: 'trial'; value: (answers: readonly Answer[], seconds: number) => number | undefined }
)

const firstContent = ({ contentMs }: Answer) => contentMs[0] as number
const lastContent = ({ contentMs }: Answer) => contentMs.at(-1) as number
const firstChunk = ({ chunksMs }: Answer) => chunksMs[0] as number
const lastChunk = ({ chunksMs }: Answer) => chunksMs.at(-1) as number
const gaps = (times: readonly number[]) => times.slice(1).map((at, i) => at - (times[i] as number))
/** `undefined` where nothing is to be divided by. */
const over = (value: number, by: number | undefined) => (by === undefined || by <= 0 ? undefined : value / by)
const afterFirst = ({ tokens }: Answer) => (tokens === undefined ? undefined : tokens - 1)

const ms = (definition: string, value: (answer: Answer) => number | undefined, ours?: Metric): ToolMetric => ({
  of: 'request',
  unit: 'ms',
  definition,
  value,
  ...(ours && { ours }),
})
const pooled = (definition: string, values: (answer: Answer) => readonly number[]): ToolMetric => ({
  of: 'gap',
  unit: 'ms',
  definition,
  values,
  ours: 'icl_ms',
})
const ttft = ms('first content - sent', firstContent, 'ttft_ms')
const firstOutput = ms('first content that is no reasoning - sent', ({ firstOutputMs }) => firstOutputMs, 'ttfot_ms')
const betweenTokens = ms(
  '(last content - first content) / (N - 1), per request',
  (answer) => over(lastContent(answer) - firstContent(answer), afterFirst(answer)),
  'tpot_ms',
)
const response = ms('end of the response - sent', ({ doneMs }) => doneMs, 'e2e_ms')

const tokensPerSecond: ToolMetric = {
  of: 'trial',
  unit: 'tokens/s',
  definition: 'sum of N of successful requests / (last end - first send)',
  ours: 'output_tps',
  value(answers, seconds) {
    let all = 0
    for (const { tokens } of answers) {
      if (tokens === undefined) return undefined
      all += tokens
    }
    return over(all, seconds)
  },
}
const requestsPerSecond: ToolMetric = {
  of: 'trial',
  unit: 'requests/s',
  definition: 'successful requests / (last end - first send)',
  ours: 'request_rate',
  value: (answers, seconds) => over(answers.length, seconds),
}

// `vllm bench serve`: vllm/benchmarks/lib/endpoint_request_func.py at 02cfb534 (async_request_openai_completions and
// async_request_openai_chat_completions) and calculate_metrics of vllm/benchmarks/serve.py at 009e6d4a. Whatever has a choice counts:
// the role, a text of nothing, the reason to finish; the chunk of usage alone does not.
const vllm = {
  ttft: ms('first chunk - sent; of a chat the chunk that only has the role', firstChunk, 'ttft_ms'),
  tpot: ms(
    '(last chunk - first chunk) / (N - 1), the chunk that has only the reason to finish among them',
    (answer) => over(lastChunk(answer) - firstChunk(answer), afterFirst(answer)),
    'tpot_ms',
  ),
  itl: pooled('gaps between chunks, those after the role and before the reason to finish too, pooled', ({ chunksMs }) =>
    gaps(chunksMs),
  ),
  e2el: ms('last chunk - sent, without that of usage', lastChunk, 'e2e_ms'),
  output_throughput: tokensPerSecond,
  request_throughput: requestsPerSecond,
} satisfies Record<string, ToolMetric>

// src/guidellm/schemas/request_stats.py and src/guidellm/backends/openai/http.py of vllm-project/guidellm at ee7a7745.
const guidellm = {
  time_to_first_token_ms: ttft,
  time_to_first_output_token_ms: firstOutput,
  inter_token_latency_ms: betweenTokens,
  time_per_output_token_ms: ms(
    '(last content - sent) / N: the first token is in it',
    (answer) => over(lastContent(answer), answer.tokens),
    'tpot_ms',
  ),
  request_latency: response,
} satisfies Record<string, ToolMetric>

// src/aiperf/metrics/types/*.py of ai-dynamo/aiperf, without --per-chunk-usage: inter_token_latency_metric.py at 58dd5dea,
// inter_chunk_latency_metric.py at 58028d5b, request_latency_metric.py at 4f7ccffd.
const aiperf = {
  time_to_first_token: ttft,
  time_to_second_token: ms('second content - first content', ({ contentMs }) => gaps(contentMs)[0]),
  time_to_first_output_token: firstOutput,
  inter_token_latency: betweenTokens,
  inter_chunk_latency: pooled('gaps between contents, pooled', ({ contentMs }) => gaps(contentMs)),
  request_latency: ms('last content - sent', lastContent, 'e2e_ms'),
  output_token_throughput: tokensPerSecond,
  request_throughput: requestsPerSecond,
} satisfies Record<string, ToolMetric>

// token_benchmark_ray.py and src/llmperf/ray_clients/openai_chat_completions_client.py of ray-project/llmperf at f1d6bed.
const llmperf = {
  ttft_s: ttft,
  inter_token_latency_s: ms(
    '(last content - sent) / N: all of the time, the first token in it',
    (answer) => over(lastContent(answer), answer.tokens),
    'tpot_ms',
  ),
  end_to_end_latency_s: response,
  request_output_throughput: {
    of: 'request',
    unit: 'tokens/s',
    definition: 'N / (end of the response - sent)',
    ours: 'request_tps',
    value: ({ tokens, doneMs }) => (tokens === undefined ? undefined : over(1000 * tokens, doneMs)),
  },
  mean_output_throughput: tokensPerSecond,
} satisfies Record<string, ToolMetric>

// result.py, utils.py and plugins/openai_plugin.py in src/llm_load_test of openshift-psap/llm-load-test at b27aad1. Its end is the line
// of [DONE], ours the end of the response, which mostly comes in the same read.
const llmLoadTest = {
  tt_ack: ms('first chunk - sent', ({ firstChunkMs }) => firstChunkMs),
  ttft,
  itl: ms(
    '(end of the response - first content) / (N - 1)',
    (answer) => over(answer.doneMs - firstContent(answer), afterFirst(answer)),
    'tpot_ms',
  ),
  tpot: ms(
    '(end of the response - sent) / N: the first token is in it',
    ({ doneMs, tokens }) => over(doneMs, tokens),
    'tpot_ms',
  ),
  response_time: response,
  throughput_full_duration: tokensPerSecond,
} satisfies Record<string, ToolMetric>

/** Other tools by name, and what each reports by its own names; times are in milliseconds here, also where a tool has seconds. */
export const otherTools = { vllm, guidellm, aiperf, llmperf, 'llm-load-test': llmLoadTest } as const satisfies Record<
  string,
  Record<string, ToolMetric>
>

export type OtherTool = keyof typeof otherTools
