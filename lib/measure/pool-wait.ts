import type { RequestTimeline } from '../domain/timeline.ts'

/** Waiting for a client for less than this hardly tells. */
const noticeableMs = 1
const noticeableShare = 0.05

/**
 * The share of arrivals that waited for a free client: for longer than 1 ms and 5 % of the median `ttft_ms`. They queued inside of
 * the client, which times from sending do not see.
 */
export function waitedShare(arrivals: readonly RequestTimeline[], medianTtftMs = 0): number {
  if (arrivals.length === 0) return 0
  const leastUs = 1000 * Math.max(noticeableMs, noticeableShare * medianTtftMs)
  return arrivals.filter(({ poolWaitUs = 0 }) => poolWaitUs > leastUs).length / arrivals.length
}

/** The same as if each had been due when there was a client for it. */
export const withoutPoolWait = ({ poolWaitUs = 0, ...request }: RequestTimeline): RequestTimeline => ({
  ...request,
  scheduledUs: request.scheduledUs + poolWaitUs,
})
