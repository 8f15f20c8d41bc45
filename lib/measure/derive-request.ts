import type { Metric } from '../domain/metric.ts'
import type { Channel, RequestTimeline } from '../domain/timeline.ts'
import { checked, type ExpectedAnswers } from './check-answer.ts'
import { eventTimesUs } from './event-times.ts'
import { eventTokens } from './event-tokens.ts'
import { isMeasurable } from './measurable.ts'

export type RequestMetrics = Partial<Record<Metric, number>>
type Candidates = { [M in Metric]?: number | undefined }

/**
 * The metrics of one request, as `lib/domain/metric.ts` defines them; one that is not defined here is left out. A failed
 * request has none: its raw times are kept, but they are not those of an answer. `expected`: what answers are checked for.
 */
export function deriveRequest(request: RequestTimeline, expected?: ExpectedAnswers): RequestMetrics {
  if (request.outcome.status === 'failed') return {}
  const all: Candidates = { ...candidatesOf(request), check_share: checked(request, expected) }
  const candidates = Object.entries(all) as [Metric, number | undefined][]
  return Object.fromEntries(candidates.filter(([metric, value]) => isMeasurable(metric, value)))
}

// A prefill yields no content, and the first token of a decode from nothing is not an answer's: neither has a TTFT or E2E.
function candidatesOf(request: RequestTimeline): Candidates {
  switch (request.part) {
    case 'completion':
      return { ...latencies(request), ...decoding(request), ...enginePrefill(request) }
    case 'prefill':
      return { pp_tps: perSecond(request.promptTokens, request.doneUs / 1000), ...enginePrefill(request) }
    case 'decode':
      return { tg_tps: latencies(request).request_tps, ...decoding(request) }
    case 'window':
      return {}
  }
}

function latencies({ events, sentUs, scheduledUs, outputTokens }: RequestTimeline): Candidates {
  const timesUs = events === undefined ? [] : eventTimesUs(events)
  const [first, last] = [timesUs[0], timesUs.at(-1)]
  if (first === undefined || last === undefined) return {}
  const waitedUs = sentUs - scheduledUs
  return {
    ttft_ms: first / 1000,
    ttft_scheduled_ms: (waitedUs + first) / 1000,
    ttfot_ms: firstOfAnswerMs(timesUs, events?.channels),
    e2e_ms: last / 1000,
    e2e_scheduled_ms: (waitedUs + last) / 1000,
    request_tps: perSecond(outputTokens, last / 1000),
  }
}

/** `undefined` where all was reasoning. */
function firstOfAnswerMs(timesUs: readonly number[], channels: readonly Channel[] = []): number | undefined {
  const us = timesUs.find((_, i) => channels[i] !== 'reasoning')
  return us === undefined ? undefined : us / 1000
}

function decoding({ events, outputTokens, engine }: RequestTimeline): Candidates {
  const engineTps = perSecond(engine?.decodeTokens, engine?.decodeMs)
  if (events === undefined) return { engine_decode_tps: engineTps }
  const spanMs = events.deltasUs.slice(1).reduce((sum, delta) => sum + delta, 0) / 1000
  const gaps = events.deltasUs.length - 1
  const decoded = tokensAfterFirst(events, outputTokens)
  return {
    icl_ms: gaps > 0 ? spanMs / gaps : undefined,
    tpot_ms: decoded === undefined ? undefined : spanMs / decoded,
    decode_tps: perSecond(decoded, spanMs),
    engine_decode_tps: engineTps,
  }
}

/** N - n_1, where it is above 0. */
function tokensAfterFirst(events: NonNullable<RequestTimeline['events']>, outputTokens: number | undefined) {
  const first = eventTokens(events, outputTokens)?.[0]
  return first === undefined || outputTokens === undefined || outputTokens <= first ? undefined : outputTokens - first
}

const enginePrefill = ({ engine }: RequestTimeline): Candidates => ({
  prefill_tps: perSecond(engine?.promptTokens, engine?.promptMs),
})

/** Not measurable (infinite) where no time passed. */
function perSecond(count: number | undefined, ms: number | undefined): number | undefined {
  return count === undefined || ms === undefined ? undefined : (1000 * count) / ms
}
