import type { LoadConfig } from '../domain/cell.ts'
import type { Metric, MetricValue } from '../domain/metric.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { isCutOff } from './cut-off.ts'
import { eventTimesUs } from './event-times.ts'
import { eventTokens } from './event-tokens.ts'
import { usualTokens } from './usual-tokens.ts'
import { endUs, isInside, type LoadWindow, loadWindow } from './load-window.ts'

type Values = { [M in Metric]?: MetricValue | undefined }

/**
 * The rates of a whole trial. Only of completions: a rate over prefills and decodes under one timer, or over windows that
 * yield no output, would be a blend that means nothing.
 */
export function throughput(measured: readonly RequestTimeline[], load?: LoadConfig): Values {
  const completions = measured.filter((request) => request.part === 'completion')
  if (completions.length === 0) return {}
  const compat = { output_tps_compat: compatible(completions.filter((request) => !isCutOff(request))) }
  const window = loadWindow(completions, load)
  if (window === undefined) return compat
  const seconds = (window.stopUs - window.startUs) / 1e6
  const ended = completions.filter((request) => request.outcome.status === 'ok' && isInside(endUs(request), window))
  const tokens = tokensInside(completions, window)
  return {
    ...compat,
    output_tps: tokens === undefined ? undefined : { value: tokens / seconds, n: completions.length },
    request_rate: { value: ended.length / seconds, n: ended.length },
    concurrency: { value: underWaySeconds(completions, window) / seconds, n: completions.length },
  }
}

/** The time that requests were under way inside the window, added up. */
function underWaySeconds(completions: readonly RequestTimeline[], { startUs, stopUs }: LoadWindow): number {
  const insideUs = completions.map((request) => Math.min(endUs(request), stopUs) - Math.max(request.sentUs, startUs))
  return insideUs.reduce((sum, us) => sum + Math.max(0, us), 0) / 1e6
}

/** Tokens of all content events inside the window, those of failed requests too; `undefined` where some are not known. */
export function tokensInside(completions: readonly RequestTimeline[], window: LoadWindow): number | undefined {
  const usual = usualTokens(completions)
  let all = 0
  for (const { events, outputTokens, sentUs } of completions) {
    if (events === undefined) continue
    const tokens = eventTokens(events, outputTokens) ?? usual(events)
    if (tokens === undefined) return undefined
    for (const [i, atUs] of eventTimesUs(events).entries())
      if (isInside(sentUs + atUs, window)) all += tokens[i] as number
  }
  return all
}

function compatible(completions: readonly RequestTimeline[]): MetricValue | undefined {
  const startUs = completions.reduce((first, { sentUs }) => Math.min(first, sentUs), Number.POSITIVE_INFINITY)
  const successful = completions.filter((request) => request.outcome.status === 'ok')
  const lastEndUs = completions.reduce((last, request) => Math.max(last, endUs(request)), 0)
  let tokens = 0
  for (const { outputTokens } of successful) {
    if (outputTokens === undefined) return undefined
    tokens += outputTokens
  }
  return { value: tokens / ((lastEndUs - startUs) / 1e6), n: successful.length }
}
