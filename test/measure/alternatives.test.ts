import { expect, test } from 'vitest'
import { alternatives } from '../../lib/measure/alternatives.ts'
import { deriveTrial } from '../../lib/measure/derive-trial.ts'
import { type OtherTool, otherTools } from '../../lib/measure/other-tools.ts'
import { completion, failed, without } from './requests.ts'

// The role after 10 ms, text after 100, 120 and 150 ms, the reason to finish after 155 ms, the end after 160 ms; five tokens, two of them in the first text.
const chat = completion({
  sentUs: 1_000_000,
  scheduledUs: 1_000_000,
  firstChunkUs: 10_000,
  emptyChunksUs: [10_000, 155_000],
  doneUs: 160_000,
  outputTokens: 5,
  events: { deltasUs: [100_000, 20_000, 30_000], tokens: [2, 2, 1], channels: ['reasoning', 'text', 'text'] },
})
const means = (tool: OtherTool, requests = [chat]) =>
  Object.fromEntries(Object.entries(alternatives(tool, requests)).map(([name, { value }]) => [name, value]))

test('ours of the timeline whose numbers the other tests have', () => {
  const { ttft_ms, tpot_ms, e2e_ms } = deriveTrial({ requests: [chat], memory: [] })
  expect([ttft_ms?.value, tpot_ms?.value, e2e_ms?.value]).toEqual([
    expect.closeTo(100, 9),
    expect.closeTo(50 / 3, 9), // three tokens after those of the first event
    expect.closeTo(150, 9),
  ])
})

test("vLLM's clock of the first token stops at the role, that of all at the reason to finish", () => {
  expect(means('vllm')).toEqual({
    ttft: 10,
    tpot: 36.25, // (155 - 10) / 4
    itl: 36.25, // 90, 20, 30, 5
    e2el: 155,
    output_throughput: 31.25, // 5 in 160 ms
    request_throughput: 6.25,
  })
})

test("GuideLLM's time per output token has the first token in it, its inter-token latency has not", () => {
  expect(means('guidellm')).toEqual({
    time_to_first_token_ms: 100,
    time_to_first_output_token_ms: 120,
    inter_token_latency_ms: 12.5, // 50 / 4
    time_per_output_token_ms: 30, // 150 / 5
    request_latency: 160,
  })
})

test('AIPerf has inter-token latency by request, and the gaps of chunks pooled', () => {
  const other = { ...chat, events: { deltasUs: [100_000, 50_000] }, outputTokens: 2 }
  expect(means('aiperf')).toEqual({
    time_to_first_token: 100,
    time_to_second_token: 20,
    time_to_first_output_token: 120,
    inter_token_latency: 12.5,
    inter_chunk_latency: 25,
    request_latency: 150,
    output_token_throughput: 31.25,
    request_throughput: 6.25,
  })
  expect(means('aiperf', [chat, other])).toMatchObject({
    inter_token_latency: 31.25, // (12.5 + 50) / 2
    inter_chunk_latency: expect.closeTo(100 / 3, 9), // (20 + 30 + 50) / 3
  })
})

test("llmperf's inter-token latency is all of the time over the tokens", () => {
  expect(means('llmperf')).toEqual({
    ttft_s: 100,
    inter_token_latency_s: 30,
    end_to_end_latency_s: 160,
    request_output_throughput: 31.25,
    mean_output_throughput: 31.25,
  })
})

test('llm-load-test takes the end of the response for that of the tokens', () => {
  expect(means('llm-load-test')).toEqual({
    tt_ack: 10,
    ttft: 100,
    itl: 15, // (160 - 100) / 4
    tpot: 32, // 160 / 5
    response_time: 160,
    throughput_full_duration: 31.25,
  })
})

test('where all chunks have content there are no others', () => {
  expect(means('vllm', [without(without(chat, 'firstChunkUs'), 'emptyChunksUs')])).toMatchObject({
    ttft: 100,
    tpot: 12.5,
    itl: 25,
  })
})

test('a role in the read of the first text has a gap of nothing', () => {
  const together = { ...without(chat, 'firstChunkUs'), emptyChunksUs: [100_000, 150_000] }
  expect(alternatives('vllm', [together])['itl']).toMatchObject({ value: 12.5, n: 4, median: 10 }) // 0, 20, 30, 0
  expect(means('vllm', [together])).toMatchObject({ ttft: 100, tpot: 12.5, e2el: 150 })
})

test('percentiles are interpolated as numpy does, of however few samples', () => {
  const slow = { ...chat, emptyChunksUs: [30_000] }
  expect(alternatives('vllm', [chat, slow])['ttft']).toEqual({ value: 20, n: 2, median: 20, p90: 28, p99: 29.8 })
})

test('only measured completions that succeeded count, and the span of a rate is that of all', () => {
  const warm = { ...chat, phase: 'warmup' as const, sentUs: 0 }
  const late = { ...chat, sentUs: 1_160_000, doneUs: 160_000, outcome: failed }
  expect(means('vllm', [warm, chat, late])).toMatchObject({
    ttft: 10,
    output_throughput: 15.625,
    request_throughput: 3.125,
  })
})

test('what needs tokens is left out where they are not known', () => {
  expect(Object.keys(means('guidellm', [without(chat, 'outputTokens')]))).toEqual([
    'time_to_first_token_ms',
    'time_to_first_output_token_ms',
    'request_latency',
  ])
})

test('of nothing every tool says nothing', () => {
  for (const tool of Object.keys(otherTools) as OtherTool[]) expect(means(tool, [])).toEqual({})
})
