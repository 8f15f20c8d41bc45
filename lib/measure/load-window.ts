import type { LoadConfig } from '../domain/cell.ts'
import type { RequestTimeline } from '../domain/timeline.ts'

/** The stretch of a trial that its rates are taken over, in microseconds from the launch's origin. */
export type LoadWindow = { startUs: number; stopUs: number }

/**
 * Of a closed load, while all clients are at work: from the moment when the
 * last of them has sent its first request until the first idles for want of work, or the duration ends. Of an open load, while
 * requests arrive: from the first arrival until the last, or the duration ends; where all arrive at once, until the last has ended.
 * `undefined` where there is no such time. Completions of the measured phase only.
 */
export function loadWindow(completions: readonly RequestTimeline[], load?: LoadConfig): LoadWindow | undefined {
  if (completions.length === 0) return undefined
  const isClosed = load === undefined || load.kind === 'closed'
  const window = isClosed ? whileAllWork(completions, load) : whileSomeArrive(completions, load)
  return window.stopUs > window.startUs ? window : undefined
}

/** What lies at the start itself is outside. */
export const isInside = (atUs: number, { startUs, stopUs }: LoadWindow): boolean => atUs > startUs && atUs <= stopUs

export const endUs = (request: RequestTimeline): number => request.sentUs + request.doneUs

function whileAllWork(requests: readonly RequestTimeline[], load: LoadConfig | undefined): LoadWindow {
  const clients = [...Map.groupBy(requests, ({ client }) => client).values()]
  const firstSentUs = clients.map((own) => smallest(own, ({ sentUs }) => sentUs))
  const startUs = Math.max(...firstSentUs)
  const durationMs = load !== undefined && 'durationMs' in load ? load.durationMs : undefined
  if (durationMs !== undefined) return { startUs, stopUs: Math.min(...firstSentUs) + durationMs * 1000 }
  return { startUs, stopUs: Math.min(...clients.map((own) => largest(own, endUs))) }
}

function whileSomeArrive(requests: readonly RequestTimeline[], load: LoadConfig): LoadWindow {
  const startUs = smallest(requests, ({ scheduledUs }) => scheduledUs)
  if ('durationMs' in load) return { startUs, stopUs: startUs + load.durationMs * 1000 }
  const lastUs = largest(requests, ({ scheduledUs }) => scheduledUs)
  return { startUs, stopUs: lastUs > startUs ? lastUs : largest(requests, endUs) }
}

// Not by spreading: a trial may have a million.
const smallest = (requests: readonly RequestTimeline[], of: (request: RequestTimeline) => number): number =>
  requests.reduce((least, request) => Math.min(least, of(request)), Number.POSITIVE_INFINITY)
const largest = (requests: readonly RequestTimeline[], of: (request: RequestTimeline) => number): number =>
  requests.reduce((most, request) => Math.max(most, of(request)), Number.NEGATIVE_INFINITY)
