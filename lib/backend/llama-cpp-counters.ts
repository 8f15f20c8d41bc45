import type { EngineTimings } from '../domain/timeline.ts'

// `llama_perf_context_print: prompt eval time = 12.34 ms / 512 tokens (...)` and `eval time = 56.78 ms / 127 runs (...)`
const counter = /(prompt eval|eval) time\s*=\s*([\d.]+) ms \/\s*(\d+) (?:tokens|runs)/g

/** The last line that llama.cpp prints of its counters. */
export const lastCounterLine = /llama_perf_context_print:\s+graphs reused/

/** llama.cpp's own counters from what it printed of them; one that did not run is printed as 0.00 ms and left out. */
export function parseCounters(log: string): EngineTimings {
  const timings: EngineTimings = {}
  for (const [, what, ms, count] of log.matchAll(counter)) {
    if (Number(ms) === 0) continue
    if (what === 'prompt eval') Object.assign(timings, { promptMs: Number(ms), promptTokens: Number(count) })
    else Object.assign(timings, { decodeMs: Number(ms), decodeTokens: Number(count) })
  }
  return timings
}
