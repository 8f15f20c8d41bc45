import type { RequestTimeline } from '../domain/timeline.ts'
import { deriveRequest } from './derive-request.ts'

/** Waiting for a client for less than this hardly tells. */
const noticeableMs = 1
const noticeableShare = 0.05

/**
 * Whether an arrival waited for a free client: for longer than 1 ms and 5 % of its `ttft_ms`. It queued inside of the client, which
 * times from sending do not see.
 */
export function waitedForClient(arrival: RequestTimeline): boolean {
  const { poolWaitUs = 0 } = arrival
  if (poolWaitUs <= 1000 * noticeableMs) return false
  return poolWaitUs > 1000 * noticeableShare * (deriveRequest(arrival).ttft_ms ?? 0)
}

/** The same as if each had been due when there was a client for it. */
export const withoutPoolWait = ({ poolWaitUs = 0, ...request }: RequestTimeline): RequestTimeline => ({
  ...request,
  scheduledUs: request.scheduledUs + poolWaitUs,
})
