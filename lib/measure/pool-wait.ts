import { noticeableWait } from '../domain/noticeable-wait.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { deriveRequest } from './derive-request.ts'

/**
 * Whether an arrival waited for a free client: for longer than 1 ms and 5 % of its `ttft_ms`. It queued inside of the client, which
 * times from sending do not see. `store/client-queues.ts` counts by the same rule.
 */
export function waitedForClient(arrival: RequestTimeline): boolean {
  const { poolWaitUs = 0 } = arrival
  const { ms, shareOfTtft } = noticeableWait
  if (poolWaitUs <= 1000 * ms) return false
  return poolWaitUs > 1000 * shareOfTtft * (deriveRequest(arrival).ttft_ms ?? 0)
}

/** The same as if each had been due when there was a client for it. */
export const withoutPoolWait = ({ poolWaitUs = 0, ...request }: RequestTimeline): RequestTimeline => ({
  ...request,
  scheduledUs: request.scheduledUs + poolWaitUs,
})
