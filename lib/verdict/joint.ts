import { factsOf, type Metric } from '../domain/metric.ts'
import type { CellComparison, JointOutcome, JointVerdict, MetricComparison } from '../domain/verdict.ts'
import { aspectOf } from '../domain/compared-metric.ts'
import { directionOf } from './contest.ts'

/** The cells of two arms, and of each by how much its answers differ in length, where tokens are known. */
export type JointCell = CellComparison & { lengths?: number }

const mostLengthsApart = 0.1

/**
 * What a decision between two arms can rest on. Speed is that of the first declared metric of speed, in all cells that have it; it
 * counts only where no quality metric is worse by more than its margin, and answers are of like length.
 */
export function jointVerdict(cells: readonly JointCell[]): JointVerdict {
  const all = cells.flatMap(({ metrics }) => metrics)
  const declared = all.some((each) => each.declared) ? all.filter((each) => each.declared) : all
  const speed = declared.find(({ metric }) => aspectOf(metric) === 'speed')?.metric
  const quality = qualityOf(declared.filter(({ metric }) => aspectOf(metric) === 'quality'))
  const beside = declared.filter(
    ({ metric, estimate }) => /memory|cost/.test(aspectOf(metric)) && estimate !== undefined,
  )
  const about = {
    ...(speed !== undefined && { speed }),
    beside: [...new Set(beside.map(({ metric }) => metric))],
  }
  if (quality.outcome !== undefined) return { outcome: quality.outcome, ...about, ...quality.by }
  const ofSpeed = cells.filter(({ metrics }) => metrics.some(({ metric }) => metric === speed))
  const outcome = speedOf(ofSpeed, speed)
  const isWithoutQuality = outcome !== 'none' && outcome !== 'lengths-differ' && outcome !== 'open'
  return { outcome: isWithoutQuality && !quality.known ? 'quality-unknown' : outcome, ...about, ...quality.by }
}

type Quality = { known: boolean; outcome?: JointOutcome; by?: { quality: Metric } }

/** The worst that is known of quality, and the metric that says it. */
function qualityOf(comparisons: readonly MetricComparison[]): Quality {
  const worse = comparisons.find((each) => each.worse === 'yes')
  if (worse !== undefined) return { known: true, outcome: 'quality-worse', by: { quality: worse.metric } }
  const open = comparisons.find((each) => each.worse !== 'no')
  if (open !== undefined) return { known: true, outcome: 'quality-open', by: { quality: open.metric } }
  const [first] = comparisons
  return first === undefined ? { known: false } : { known: true, by: { quality: first.metric } }
}

/** What all cells say alike of a metric of speed. */
function speedOf(cells: readonly JointCell[], speed: Metric | undefined): JointOutcome {
  const outcomes = new Set(
    cells.map((cell) => {
      const comparison = cell.metrics.find(({ metric }) => metric === speed) as MetricComparison
      return outcomeOf(comparison, cell.lengths)
    }),
  )
  for (const outcome of ['none', 'lengths-differ', 'open'] as const) if (outcomes.has(outcome)) return outcome
  const [first] = outcomes
  if (first === undefined) return 'none'
  return outcomes.size === 1 ? first : 'open'
}

function outcomeOf({ metric, verdict, estimate }: MetricComparison, lengths: number | undefined): JointOutcome {
  if (verdict.row === 'lengths-differ') return 'lengths-differ'
  if (estimate === undefined) return 'none'
  if (lengths !== undefined && Math.abs(lengths - 1) > mostLengthsApart + 1e-9) return 'lengths-differ'
  if (verdict.row === 'beyond-margin')
    return (factsOf(metric).better === 'lower') === directionOf(estimate) < 0 ? 'faster' : 'slower'
  return verdict.row === 'within-margin-but-different' || verdict.row === 'equivalent' ? 'equivalent' : 'open'
}
