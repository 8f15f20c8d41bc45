import type { RequestTimeline } from '../domain/timeline.ts'
import type { Failure } from './flight.ts'

/**
 * A request that a limit or its user ended has failed for that reason, unless it was complete by then. `expired`: the limit of
 * its own that ended it, of which it says what had come by then.
 */
export function withFailure(
  timeline: RequestTimeline,
  failure: Failure,
  expired: Failure | undefined,
): RequestTimeline {
  const { outcome } = timeline
  if (outcome.status === 'ok') return timeline
  const came = expired === undefined || outcome.detail === '' ? '' : `; ${outcome.detail}`
  return { ...timeline, outcome: { ...failure, detail: failure.detail + came } }
}
