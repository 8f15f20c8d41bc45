import type { RequestTimeline } from '../domain/timeline.ts'
import { eventTimesUs } from './event-times.ts'

/** A completion that succeeded, as other tools look at it; times in milliseconds from `sent`. */
export type Answer = {
  /** The first chunk, whatever it carried. */
  firstChunkMs: number
  /** Each chunk that had a choice, with content or nothing in it. */
  chunksMs: readonly number[]
  /** Each content event. */
  contentMs: readonly number[]
  /** The first content event that is no reasoning. */
  firstOutputMs?: number
  /** The end of the response: after the usage and `[DONE]`. */
  doneMs: number
  /** N. */
  tokens?: number
}

/** `undefined` for what has failed, what is no completion, and what came without content. */
export function answerOf({
  part,
  outcome,
  events,
  firstChunkUs,
  emptyChunksUs = [],
  doneUs,
  outputTokens,
}: RequestTimeline) {
  if (part !== 'completion' || outcome.status === 'failed' || events === undefined) return undefined
  const contentMs = eventTimesUs(events).map((us) => us / 1000)
  const [first] = contentMs
  if (first === undefined) return undefined
  const firstOutputMs = contentMs.find((_, i) => (events.channels?.[i] ?? 'text') !== 'reasoning')
  return {
    firstChunkMs: firstChunkUs === undefined ? first : firstChunkUs / 1000,
    chunksMs: [...contentMs, ...emptyChunksUs.map((us) => us / 1000)].toSorted((a, b) => a - b),
    contentMs,
    doneMs: doneUs / 1000,
    ...(firstOutputMs !== undefined && { firstOutputMs }),
    ...(outputTokens !== undefined && { tokens: outputTokens }),
  } satisfies Answer
}
