import { expect, test } from 'vitest'
import { parseCounters } from '../../lib/backend/llama-cpp-counters.ts'

const printed = (prompt: string, decode: string) => `llama_perf_context_print:        load time =       6.22 ms
llama_perf_context_print: prompt eval time = ${prompt} tokens (    0.96 ms per token,  1039.28 tokens per second)
llama_perf_context_print:        eval time = ${decode} runs   (    2.55 ms per token,   391.47 tokens per second)
llama_perf_context_print:       total time =     106.27 ms /    79 tokens`

test("llama.cpp's counters are read from its log", () => {
  expect(parseCounters(printed('61.58 ms /    64', '38.32 ms /    15'))).toEqual({
    promptMs: 61.58,
    promptTokens: 64,
    decodeMs: 38.32,
    decodeTokens: 15,
  })
})

test('a counter that did not run is absent, although llama.cpp prints one token for it', () => {
  expect(parseCounters(printed('93.91 ms /   100', '0.00 ms /     1'))).toEqual({ promptMs: 93.91, promptTokens: 100 })
})
