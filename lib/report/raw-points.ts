import { metrics, type Metric } from '../domain/metric.ts'
import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'

/** One of the points behind a value: a launch, or a request where there was one launch only. */
export type RawPoint = { value: number; valid: boolean; of: 'launch' | 'request'; trialId: number; label: string }

/** The raw points behind `metric` of `cell`: its launches; with one launch its measured requests, if the metric has any. */
export function rawPoints(evidence: Evidence, cell: ShownCell, metric: Metric): RawPoint[] {
  const { words } = evidence
  const points = evidence.valueOf(cell, metric)?.points ?? []
  const launches = points.map(({ trial, value, valid }): RawPoint => {
    const label = words('point.launch', { launch: trial.launchId, block: trial.block + 1 })
    return { value, valid, of: 'launch', trialId: trial.id, label }
  })
  const [only] = launches
  if (only === undefined || launches.length > 1 || metrics[metric].level === 'trial') return launches
  const requests = evidence.requestsOf(only.trialId).flatMap((request): RawPoint[] => {
    const value = request.phase === 'measured' && request.status === 'ok' ? request.metrics[metric] : undefined
    if (value === undefined) return []
    const label = words('point.request', { request: request.index + 1, prompt: request.promptId })
    return [{ value, valid: only.valid, of: 'request', trialId: only.trialId, label }]
  })
  return requests.length > 0 ? requests : launches
}

/** More dots than this in one row are a smear. */
export const mostDots = 200

/** At most `mostDots` of `points`, evenly over their order by value, the least and the largest among them. */
export function thinned(points: readonly RawPoint[]): readonly RawPoint[] {
  if (points.length <= mostDots) return points
  const ascending = points.toSorted((a, b) => a.value - b.value)
  const step = (ascending.length - 1) / (mostDots - 1)
  return Array.from({ length: mostDots }, (_, index) => ascending[Math.round(index * step)] as RawPoint)
}
