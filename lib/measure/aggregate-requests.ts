import { isQuality, type Metric, type MetricValue, metrics } from '../domain/metric.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { geometricMean, mean } from '../stats/mean.ts'
import { summarize } from '../stats/summarize.ts'
import type { ExpectedAnswers } from './check-answer.ts'
import { deriveRequest } from './derive-request.ts'

const requestMetrics = (Object.keys(metrics) as Metric[]).filter((metric) => metrics[metric].level === 'request')

/**
 * Of each request metric: the mean over prompts of the mean per prompt, as the metric is averaged, and percentiles over all requests.
 * `expected`: what answers are checked for, by prompt.
 */
export function aggregateRequests(
  measured: readonly RequestTimeline[],
  expected?: ExpectedAnswers,
): Partial<Record<Metric, MetricValue>> {
  const derived = measured.map((request) => ({ promptId: request.promptId, metrics: deriveRequest(request, expected) }))
  const result: Partial<Record<Metric, MetricValue>> = {}
  for (const metric of requestMetrics) {
    const byPrompt = new Map<string, number[]>()
    for (const { promptId, metrics: values } of derived) {
      const value = values[metric]
      if (value === undefined) continue
      const same = byPrompt.get(promptId)
      if (same === undefined) byPrompt.set(promptId, [value])
      else same.push(value)
    }
    if (byPrompt.size > 0) result[metric] = valueOver([...byPrompt.values()], metric)
  }
  if (result.icl_ms) result.icl_ms = { value: result.icl_ms.value, ...summarize(gapsMs(measured)) }
  return result
}

/** Between content events, pooled over all requests that succeeded: one slow token is seen in the percentiles. */
function gapsMs(measured: readonly RequestTimeline[]): number[] {
  return measured
    .filter(({ outcome }) => outcome.status === 'ok')
    .flatMap(({ events }) => events?.deltasUs.slice(1).map((delta) => delta / 1000) ?? [])
}

// Sorted, so that the sums, and with them the last digit, do not depend on the order of the prompts.
function valueOver(prompts: readonly number[][], metric: Metric): MetricValue {
  const meanOf = metrics[metric].mean === 'geometric' ? geometricMean : mean
  const means = prompts.map((values) => meanOf(values.toSorted(ascending))).toSorted(ascending)
  const all = prompts.flat()
  // Of what is met or not percentiles say nothing.
  if (isQuality(metric)) return { value: meanOf(means), n: all.length }
  return { value: meanOf(means), ...summarize(all) }
}

const ascending = (a: number, b: number) => a - b
