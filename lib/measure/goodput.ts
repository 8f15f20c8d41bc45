import type { LoadConfig } from '../domain/cell.ts'
import type { Metric, MetricValue } from '../domain/metric.ts'
import type { Objectives } from '../domain/plan.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { isCutOff } from './cut-off.ts'
import { eventTokens } from './event-tokens.ts'
import { endUs, isInside, loadWindow } from './load-window.ts'
import { standingOf } from './standing.ts'
import { usualTokens } from './usual-tokens.ts'

/**
 * How many completions met every objective: per second of the window in which they ended, and as a share of all of which it can
 * be told. One that failed, or lacks a metric with an objective, has missed it, but that an answer of one token has no time per
 * further token is no miss. One that the client itself cut off counts in the share as far as it had got, and nowhere where that
 * says nothing yet. An objective means exactly the metric that it names: a promise on what users feel is one on `ttft_scheduled_ms`.
 */
export function goodput(
  measured: readonly RequestTimeline[],
  objectives: Objectives | undefined,
  load?: LoadConfig,
): { [M in Metric]?: MetricValue } {
  if (objectives === undefined) return {}
  const completions = measured.filter(({ part }) => part === 'completion')
  let usual: ReturnType<typeof usualTokens> | undefined
  const judged = completions.map((request) => {
    const tokensOf: Parameters<typeof standingOf>[2] = (events) =>
      eventTokens(events, request.outputTokens) ?? (usual ??= usualTokens(completions))(events)
    return { request, standing: standingOf(request, objectives, tokensOf) }
  })
  const known = judged.filter(({ standing }) => standing !== 'open')
  if (known.length === 0) return {}
  const good = known.flatMap(({ request, standing }) => (standing === 'met' ? [request] : []))
  const share = { goodput_share: { value: good.length / known.length, n: known.length } }
  const window = loadWindow(completions, load)
  if (window === undefined) return share
  const ended = good.filter((request) => !isCutOff(request) && isInside(endUs(request), window)).length
  const seconds = (window.stopUs - window.startUs) / 1e6
  return {
    goodput: { value: ended / seconds, n: ended },
    ...share,
  }
}
