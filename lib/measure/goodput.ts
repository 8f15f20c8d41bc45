import type { LoadConfig } from '../domain/cell.ts'
import type { Metric, MetricValue } from '../domain/metric.ts'
import type { Objectives } from '../domain/plan.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { isCutOff } from './cut-off.ts'
import { deriveRequest } from './derive-request.ts'
import { endUs, isInside, loadWindow } from './load-window.ts'

/**
 * How many completions met every objective: per second of the window in which they ended, and as a share of all that succeeded or
 * failed. One that the client itself cut off counts nowhere; one that lacks a metric with an objective has missed it, but that an
 * answer of one token has no time per further token is no miss. An objective means exactly the metric that it names: a promise on what users feel is one on `ttft_scheduled_ms`.
 */
export function goodput(
  measured: readonly RequestTimeline[],
  objectives: Objectives | undefined,
  load?: LoadConfig,
): { [M in Metric]?: MetricValue } {
  const completions = measured.filter(({ part }) => part === 'completion')
  const awaited = completions.filter((request) => !isCutOff(request))
  const window = loadWindow(completions, load)
  if (objectives === undefined || awaited.length === 0) return {}
  const good = awaited.filter((request) => meets(request, objectives))
  const share = { goodput_share: { value: good.length / awaited.length, n: awaited.length } }
  if (window === undefined) return share
  const inside = good.filter((request) => isInside(endUs(request), window)).length
  const seconds = (window.stopUs - window.startUs) / 1e6
  return {
    goodput: { value: inside / seconds, n: inside },
    ...share,
  }
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
