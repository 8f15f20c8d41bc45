import type { LoadConfig } from '../domain/cell.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { isCutOff } from './cut-off.ts'

/** The stretch of a trial that its rates are taken over, in microseconds from the launch's origin. */
export type LoadWindow = { startUs: number; stopUs: number }

/**
 * Of a closed load, while all clients are at work: from the moment when the
 * last of them has sent its first request until the first idles for want of work, or the duration ends. Of an open load, while
 * requests arrive and as many end as will: from when the first arrivals are answered until the last, or the duration ends; where
 * all arrive at once, until the last has ended. `undefined` where there is no such time, or too little of it: before the first
 * answers nothing can end, and rates over that time too would be below what the server does. Completions of the measured phase only.
 */
export function loadWindow(completions: readonly RequestTimeline[], load?: LoadConfig): LoadWindow | undefined {
  if (completions.length === 0) return undefined
  const isClosed = load === undefined || load.kind === 'closed'
  const window = isClosed ? whileAllWork(completions, load) : whileSomeArrive(completions, load)
  return window !== undefined && window.stopUs > window.startUs ? window : undefined
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

function whileSomeArrive(requests: readonly RequestTimeline[], load: LoadConfig): LoadWindow | undefined {
  const firstUs = smallest(requests, ({ scheduledUs }) => scheduledUs)
  const lastUs = largest(requests, ({ scheduledUs }) => scheduledUs)
  const isTimed = 'durationMs' in load
  if (!isTimed && lastUs === firstUs) return { startUs: firstUs, stopUs: largest(requests, endUs) }
  const stopUs = isTimed ? firstUs + load.durationMs * 1000 : lastUs
  const answeredUs = firstAnswersUs(requests)
  // From one arrival to another, so that of even arrivals as many are answered in the window as arrive in it.
  const startUs = largest(requests, ({ scheduledUs: us }) => (us <= firstUs + answeredUs ? us : firstUs))
  return stopUs - startUs < answeredUs ? undefined : { startUs, stopUs }
}

/** How many arrivals say how long an answer takes before a queue is there. */
const firstArrivals = 10

/** How long the first arrivals took from their schedule to their end: of ten the ninth, as one may be stuck. Failures may be quick. */
function firstAnswersUs(requests: readonly RequestTimeline[]): number {
  const first: RequestTimeline[] = []
  for (const request of requests) {
    if (request.outcome.status === 'failed' && !isCutOff(request)) continue
    const last = first[firstArrivals - 1]
    if (last !== undefined && last.scheduledUs <= request.scheduledUs) continue
    const at = first.findIndex(({ scheduledUs }) => scheduledUs > request.scheduledUs)
    first.splice(at < 0 ? first.length : at, 0, request)
    first.length = Math.min(first.length, firstArrivals)
  }
  const tookUs = first.map((request) => endUs(request) - request.scheduledUs).toSorted((a, b) => a - b)
  return tookUs[Math.ceil(0.9 * tookUs.length) - 1] ?? 0
}

// Not by spreading: a trial may have a million.
const smallest = (requests: readonly RequestTimeline[], of: (request: RequestTimeline) => number): number =>
  requests.reduce((least, request) => Math.min(least, of(request)), Number.POSITIVE_INFINITY)
const largest = (requests: readonly RequestTimeline[], of: (request: RequestTimeline) => number): number =>
  requests.reduce((most, request) => Math.max(most, of(request)), Number.NEGATIVE_INFINITY)
