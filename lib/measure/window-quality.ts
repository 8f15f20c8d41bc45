import type { Metric, MetricValue } from '../domain/metric.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { againstBase, type ScoredWindow } from './against-base.ts'
import { perplexity } from './perplexity.ts'

type Values = { [M in Metric]?: MetricValue | undefined }

/**
 * What the windows of a perplexity workload say. A window that was evaluated again counts once; nothing is said where one has failed:
 * over another text it would be another value.
 */
export function windowQuality(measured: readonly RequestTimeline[]): Values {
  const windows = firstOfEach(measured.filter((request) => request.part === 'window'))
  if (windows.length === 0 || windows.some((window) => window.outcome.status === 'failed')) return {}
  const scored = windows.flatMap(({ nll = [], base }): ScoredWindow[] => (base ? [{ nll, base }] : []))
  return {
    perplexity: perplexity(windows.map(({ nll = [] }) => nll)),
    ...(scored.length === windows.length && againstBase(scored)),
  }
}

// In the order of the windows' names, so that neither a sum nor a draw depends on the order in which they were sent.
function firstOfEach(windows: readonly RequestTimeline[]): RequestTimeline[] {
  const first = new Map<string, RequestTimeline>()
  for (const window of windows) {
    const other = first.get(window.promptId)
    if (other === undefined || window.sentUs < other.sentUs) first.set(window.promptId, window)
  }
  return [...first.values()].toSorted((a, b) => (a.promptId < b.promptId ? -1 : 1))
}
