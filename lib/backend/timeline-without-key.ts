import type { RequestTimeline } from '../domain/timeline.ts'
import { cutWithoutKey, streamWithoutKey, withoutKey } from './api-key.ts'

/**
 * What may be kept of a request whose server sent the key back. The bytes of an answer whose text or failure says the key go
 * altogether: in them it may lie in pieces, a character in each event, and whoever reads them again puts it together.
 */
export function timelineWithoutKey(timeline: RequestTimeline, key: string | undefined): RequestTimeline {
  if (key === undefined) return timeline
  const { output, outcome, stream, ...rest } = timeline
  const kept: Pick<RequestTimeline, 'outcome' | 'output'> = {
    outcome: outcome.status === 'ok' ? outcome : { ...outcome, detail: cutWithoutKey(outcome.detail, key) },
    ...(output !== undefined && { output: withoutKey(output, key) }),
  }
  const isSaid = kept.output !== output || detailOf(kept.outcome) !== detailOf(outcome)
  const bytes = stream && !isSaid ? streamWithoutKey(stream, key) : undefined
  return { ...rest, ...kept, ...(bytes && { stream: bytes }) }
}

const detailOf = (outcome: RequestTimeline['outcome']) => (outcome.status === 'ok' ? '' : outcome.detail)
