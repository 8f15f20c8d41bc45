import type { RequestTimeline } from '../domain/timeline.ts'

/** How late the client let a request go by its own fault, in milliseconds: neither for want of a free client nor of a connection. */
export function sendLagMs({ sentUs, scheduledUs, poolWaitUs = 0, connectUs = 0 }: RequestTimeline): number {
  // Each is rounded by itself, so that their difference may be a microsecond below 0.
  return Math.max(0, sentUs - scheduledUs - poolWaitUs - connectUs) / 1000
}
