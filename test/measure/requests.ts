import type { RequestTimeline } from '../../lib/domain/timeline.ts'

/** A measured completion of three tokens: 10 ms of waiting, TTFT 100 ms, then 20 and 30 ms. */
export function completion(change: Partial<RequestTimeline> = {}): RequestTimeline {
  return {
    promptId: 'p1',
    part: 'completion',
    phase: 'measured',
    client: 0,
    scheduledUs: 1_000_000,
    sentUs: 1_010_000,
    doneUs: 151_000,
    outcome: { status: 'ok', finish: 'length' },
    promptTokens: 50,
    cachedTokens: 0,
    outputTokens: 3,
    tokensFrom: 'engine',
    events: { deltasUs: [100_000, 20_000, 30_000] },
    engine: { promptTokens: 50, promptMs: 80, decodeTokens: 2, decodeMs: 40 },
    ...change,
  }
}

export const failed = { status: 'failed', reason: 'stall', detail: 'nothing for 30 s' } as const

/** A window of a perplexity workload. */
export function window(
  promptId: string,
  nll: readonly number[],
  change: Partial<RequestTimeline> = {},
): RequestTimeline {
  return {
    promptId,
    part: 'window',
    phase: 'measured',
    client: 0,
    scheduledUs: 0,
    sentUs: 0,
    doneUs: 5000,
    outcome: { status: 'ok', finish: 'length' },
    promptTokens: 512,
    nll,
    ...change,
  }
}

/** The request without one of its fields. */
export function without(request: RequestTimeline, field: keyof RequestTimeline): RequestTimeline {
  const { [field]: _, ...rest } = request
  return rest as RequestTimeline
}
