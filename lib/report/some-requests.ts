import type { Metric } from '../domain/metric.ts'
import { randomSequence } from '../domain/seeded.ts'
import { ranks } from './raw-points.ts'
import type { TimedRequest } from './trial-requests.ts'

const mostFailed = 5

/** `×` of a failed request; `+` of one that the client ended itself: it did not fail, its time was up. */
export const failedMark = (request: TimedRequest) => (isCutOff(request) ? '+' : '×')
const isCutOff = ({ reason }: TimedRequest) => ['cut-off', 'stopped', 'trial-timeout'].includes(String(reason))

type Choice = { metric: Metric; most: number; seed: number }
/** At most about `most`: failed ones, the least and the largest always, the others drawn. */
export function someOf(requests: readonly TimedRequest[], { metric, most, seed }: Choice): readonly TimedRequest[] {
  if (requests.length <= most) return requests
  const allFailed = requests.filter((request) => request.status === 'failed')
  const failed = ranks(allFailed.length, mostFailed).map((at) => allFailed[at] as TimedRequest)
  const sound = requests.filter((request) => request.metrics[metric] !== undefined)
  const ascending = sound.toSorted((a, b) => (a.metrics[metric] as number) - (b.metrics[metric] as number))
  const random = randomSequence(seed)
  const drawn = sound
    .map((request) => ({ request, lot: random() }))
    .toSorted((a, b) => a.lot - b.lot)
    .slice(0, most)
    .map(({ request }) => request)
  const kept = new Set([...failed, ...ascending.slice(0, 1), ...ascending.slice(-1), ...drawn])
  return requests.filter((request) => kept.has(request))
}
