import type { LoadConfig } from '../domain/cell.ts'
import type { RequestTimeline } from '../domain/timeline.ts'

/** The stretch of a trial that its rates are taken over, in microseconds from the launch's origin. */
export type LoadWindow = { startUs: number; stopUs: number }

/**
 * From the first measured send until the first client idles for want of work, or the duration ends. The clients of an open
 * load idle whenever nothing has arrived: its work is wanting from the last arrival on. `undefined` where nothing was sent.
 */
export function loadWindow(completions: readonly RequestTimeline[], load?: LoadConfig): LoadWindow | undefined {
  if (completions.length === 0) return undefined
  const startUs = completions.reduce((first, { sentUs }) => Math.min(first, sentUs), Number.POSITIVE_INFINITY)
  if (load !== undefined && 'durationMs' in load) return { startUs, stopUs: startUs + load.durationMs * 1000 }
  if (load === undefined || load.kind === 'closed') return { startUs, stopUs: firstIdleUs(completions) }
  const lastSentUs = completions.reduce((last, { sentUs }) => Math.max(last, sentUs), 0)
  // All at once, as one burst: then it is over when all have ended.
  const lastEndUs = completions.reduce((last, { sentUs, doneUs }) => Math.max(last, sentUs + doneUs), 0)
  return { startUs, stopUs: lastSentUs > startUs ? lastSentUs : lastEndUs }
}

/** When the first client had nothing more to send: from then on fewer than all of them were at work. */
function firstIdleUs(completions: readonly RequestTimeline[]): number {
  const lastEndUs = new Map<number, number>()
  for (const { client, sentUs, doneUs } of completions)
    lastEndUs.set(client, Math.max(lastEndUs.get(client) ?? 0, sentUs + doneUs))
  return Math.min(...lastEndUs.values())
}
