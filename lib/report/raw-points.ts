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
  const { n } = evidence.seenOf(only.trialId)
  if (n > evidence.requestsOf(only.trialId).length) return spreadPoints(evidence, metric, only)
  const requests = evidence.requestsOf(only.trialId).flatMap((request): RawPoint[] => {
    const value = request.phase === 'measured' && request.status === 'ok' ? request.metrics[metric] : undefined
    if (value === undefined) return []
    const label = words('point.request', { request: request.index + 1, prompt: request.promptId })
    return [{ value, valid: only.valid, of: 'request', trialId: only.trialId, label }]
  })
  return requests.length > 0 ? requests : launches
}

/** Of too many requests to have them all: dots evenly over their order by value, the least and the largest among them. */
function spreadPoints({ seenOf, words }: Evidence, metric: Metric, launch: RawPoint): RawPoint[] {
  const values = seenOf(launch.trialId).values[metric]
  if (values === undefined || values.length === 0) return [launch]
  return ranks(values.length).map((rank) => ({
    value: values[rank] as number,
    valid: launch.valid,
    of: 'request',
    trialId: launch.trialId,
    label: words('point.rank', { rank: String(rank + 1), n: String(values.length) }),
  }))
}

/** How many points there are behind `metric` of `cell`, however many of them are shown. */
export function pointCount(evidence: Evidence, cell: ShownCell, metric: Metric): number {
  const points = rawPoints(evidence, cell, metric)
  const [first] = points
  const all = first?.of === 'request' ? evidence.seenOf(first.trialId).values[metric]?.length : undefined
  return all ?? points.length
}

/** More dots than this in one row are a smear. */
export const mostDots = 200

/** At most `mostDots` of `points`, evenly over their order by value, the least and the largest among them. */
export function thinned(points: readonly RawPoint[]): readonly RawPoint[] {
  if (points.length <= mostDots) return points
  const ascending = points.toSorted((a, b) => a.value - b.value)
  return ranks(ascending.length).map((rank) => ascending[rank] as RawPoint)
}

/** At most `most` places in an order of `n`, evenly over it, the first and the last among them. */
export function ranks(n: number, most = mostDots): number[] {
  if (n <= most) return Array.from({ length: n }, (_, at) => at)
  const step = (n - 1) / (most - 1)
  return Array.from({ length: most }, (_, at) => Math.round(at * step))
}
