import type { ContentEvents } from '../domain/timeline.ts'

/** When each content event came: whole microseconds from `sent`. */
export function eventTimesUs(events: ContentEvents): number[] {
  let at = 0
  return events.deltasUs.map((delta) => (at += delta))
}
