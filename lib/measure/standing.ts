import type { Metric } from '../domain/metric.ts'
import type { Objectives } from '../domain/plan.ts'
import type { ContentEvents, RequestTimeline } from '../domain/timeline.ts'
import { isCutOff } from './cut-off.ts'
import { deriveRequest } from './derive-request.ts'
import { eventTimesUs } from './event-times.ts'

/** How a request stands to its objectives; `open`: the client cut it off before that could be told. */
export type Standing = 'met' | 'missed' | 'open'
/** The tokens of each event of an answer that was cut off; `undefined` where they are not known. */
type TokensOf = (events: ContentEvents) => readonly number[] | undefined

/**
 * How a request stands to its objectives. One that was cut off is judged by what was known of it by then, or else only the quick
 * ones would be left of a server that falls behind: it has missed what it took longer for than it may, has met what came in
 * time, and goes on as it went.
 */
export function standingOf(request: RequestTimeline, objectives: Objectives, tokensOf: TokensOf): Standing {
  if (!isCutOff(request)) return meets(request, objectives) ? 'met' : 'missed'
  const each = (Object.entries(objectives) as [Metric, number][]).map(([metric, most]) => {
    const { atLeastMs, isFinal } = soFar(request, metric, tokensOf)
    return atLeastMs > most ? 'missed' : isFinal ? 'met' : 'open'
  })
  if (each.includes('missed')) return 'missed'
  return each.includes('open') ? 'open' : 'met'
}

/** Whether a request has every metric that has an objective and can have it, and none of them is more than it may be. */
export function meets(request: RequestTimeline, objectives: Objectives): boolean {
  const metrics = deriveRequest(request)
  return (Object.entries(objectives) as [Metric, number][]).every(([metric, most]) => {
    const value = metrics[metric]
    return value === undefined ? ofFurtherTokens.has(metric) && isOneToken(request) : value <= most
  })
}

/** What only an answer of several tokens has. */
const ofFurtherTokens: ReadonlySet<Metric> = new Set(['icl_ms', 'tpot_ms'])

const isOneToken = ({ outcome, outputTokens, events }: RequestTimeline) =>
  outcome.status === 'ok' && outputTokens === 1 && events?.deltasUs.length === 1

/** What a metric came to by the cut, and whether it would have stayed so. */
type SoFar = { atLeastMs: number; isFinal: boolean }

function soFar(request: RequestTimeline, metric: Metric, tokensOf: TokensOf): SoFar {
  if (metric === 'icl_ms') return pace(request, (events) => events.deltasUs.length - 1)
  if (metric === 'tpot_ms')
    return pace(request, (events) =>
      tokensOf(events)
        ?.slice(1)
        .reduce((sum, n) => sum + n, 0),
    )
  const ms = toFirst.has(metric)
    ? deriveRequest({ ...request, outcome: { status: 'ok', finish: 'length' } })[metric]
    : undefined
  return ms === undefined ? { atLeastMs: ageMs(request, metric), isFinal: false } : { atLeastMs: ms, isFinal: true }
}

/** Known from the first token on; what counts to the end is not, before that has come. */
const toFirst: ReadonlySet<Metric> = new Set(['ttft_ms', 'ttfot_ms', 'ttft_scheduled_ms'])

/** How old it was when it was cut off, from where its metric counts; one that never left counts from its schedule in any case. */
function ageMs({ scheduledUs, sentUs, doneUs }: RequestTimeline, metric: Metric): number {
  const wasSent = doneUs > 0
  const startUs = wasSent && !fromSchedule.has(metric) ? sentUs : scheduledUs
  return (sentUs + doneUs - startUs) / 1000
}

const fromSchedule: ReadonlySet<Metric> = new Set(['ttft_scheduled_ms', 'e2e_scheduled_ms'])

/** The time of each further token (or event) so far; had the next one come at the cut, it could be no less than that. */
function pace({ events, doneUs }: RequestTimeline, furtherOf: (events: ContentEvents) => number | undefined): SoFar {
  const timesUs = events === undefined ? [] : eventTimesUs(events)
  const [firstUs, lastUs] = [timesUs[0], timesUs.at(-1)]
  if (events === undefined || firstUs === undefined || lastUs === undefined) return { atLeastMs: 0, isFinal: false }
  const further = furtherOf(events)
  if (further === undefined) return { atLeastMs: 0, isFinal: false }
  const withNextMs = (doneUs - firstUs) / (further + 1) / 1000
  if (further === 0) return { atLeastMs: withNextMs, isFinal: false }
  return { atLeastMs: Math.max(withNextMs, (lastUs - firstUs) / further / 1000), isFinal: true }
}
