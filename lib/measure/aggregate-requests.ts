import { type Metric, type MetricValue, metrics } from '../domain/metric.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { geometricMean } from '../stats/mean.ts'
import { summarize } from '../stats/summarize.ts'
import { deriveRequest } from './derive-request.ts'

const requestMetrics = (Object.keys(metrics) as Metric[]).filter((metric) => metrics[metric].level === 'request')

/** Of each request metric: the geometric mean over prompts of the geometric mean per prompt, and percentiles over all requests. */
export function aggregateRequests(measured: readonly RequestTimeline[]): Partial<Record<Metric, MetricValue>> {
  const derived = measured.map((request) => ({ promptId: request.promptId, metrics: deriveRequest(request) }))
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
    if (byPrompt.size > 0) result[metric] = valueOver([...byPrompt.values()])
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
function valueOver(prompts: readonly number[][]): MetricValue {
  const means = prompts.map((values) => geometricMean(values.toSorted(ascending))).toSorted(ascending)
  return { value: geometricMean(means), ...summarize(prompts.flat()) }
}

const ascending = (a: number, b: number) => a - b
