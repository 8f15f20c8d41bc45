import { factsOf } from '../domain/metric.ts'
import type { Estimate, MetricComparison, Verdict, VerdictRow } from '../domain/verdict.ts'
import { standardDeviation } from '../stats/mean.ts'
import { outliers } from '../stats/outliers.ts'
import { type ApartValues, apartValues } from './arm-values.ts'
import { blockValues, type Blocks } from './block-values.ts'
import { type ChangeScale, scaleOfMetric } from './change-scale.ts'
import { compareQuality } from './compare-quality.ts'
import { caseOf, type Contest, directionOf, headOf, heldTo } from './contest.ts'
import { weigh, weighed, withheld } from './decide.ts'
import { type Intervals, pairedEstimate, studentIntervals, unpairedEstimate, welchIntervals } from './estimate.ts'
import { isDisputed } from './is-disputed.ts'
import { lostBlocks } from './lost-blocks.ts'
import { moreBlocks } from './more-blocks.ts'

/** A metric of one cell against the same of another: what each block shows, the estimate over them, and the verdict. */
export function compareMetric(contest: Contest): MetricComparison {
  if (factsOf(contest.metric).samples !== undefined) return compareQuality(contest)
  return contest.shared ? comparePaired(contest) : compareApart(contest)
}

function comparePaired(contest: Contest): MetricComparison {
  const { base, against, metric, sure } = contest
  const scale = scaleOfMetric(metric)
  const blocks = blockValues(base, against, metric)
  const places = placesIn(blocks.values, scale)
  const valid = places.length
  const lost = lostBlocks(blocks.losses, { valid, shared: true })
  const told = { ...headOf(contest), blocks: blocks.values, losses: blocks.losses, waiting: blocks.waiting }
  const held = withheld({ ...caseOf(contest, blocks), valid, lost })
  const estimate = held === undefined ? pairedEstimate(places, scale, sure) : undefined
  if (estimate === undefined) return { ...told, verdict: held ?? weighed(contest) }
  const verdict = weigh(estimate, contest)
  return {
    ...told,
    verdict: withMore(verdict, estimate, { deviation: standardDeviation(places), ...heldTo(contest) }),
    estimate,
    ...(isFragile(without(blocks, contest), { verdict, estimate }, contest) && { fragile: true }),
    ...(isDisputed(estimate, contest) && { disputed: true }),
    ...unblocked(blocks, contest),
  }
}

function compareApart(contest: Contest): MetricComparison {
  const { base, against, metric, sure } = contest
  const found = apartValues(base, against, metric)
  const { losses, waiting } = found
  const valid = Math.min(found.base.length, found.against.length)
  const lost = lostBlocks(losses, { valid, shared: false })
  const told = { ...headOf(contest), blocks: [], losses, waiting }
  const held = withheld({ ...caseOf(contest, found), valid, lost })
  const estimate = held === undefined ? unpairedEstimate(found, scaleOfMetric(metric), sure) : undefined
  if (estimate === undefined) return { ...told, verdict: held ?? weighed(contest) }
  const deviation = Math.hypot(standardDeviation(found.base), standardDeviation(found.against))
  const verdict = weigh(estimate, contest)
  return {
    ...told,
    verdict: withMore(verdict, estimate, { deviation, ...heldTo(contest) }),
    estimate,
    ...(isFragile(withoutApart(found, contest), { verdict, estimate }, contest) && { fragile: true }),
    ...(isDisputed(estimate, contest) && { disputed: true }),
  }
}

function withMore(verdict: Verdict, estimate: Estimate, options: Parameters<typeof moreBlocks>[1]): Verdict {
  if (verdict.row !== 'inconclusive') return verdict
  const more = moreBlocks(estimate, options)
  return more === undefined ? verdict : { ...verdict, moreBlocks: more }
}

const placesIn = (values: Blocks['values'], scale: ChangeScale): number[] =>
  values.map(({ change }) => scale.place(change) as number)

/** What the blocks that are not flagged would say; `undefined` where none is, or too few are left. */
function without({ values }: Blocks, { metric, sure }: Contest): Intervals | undefined {
  const kept = values.filter(({ outlier }) => outlier === undefined)
  if (kept.length === values.length) return undefined
  const scale = scaleOfMetric(metric)
  return studentIntervals(placesIn(kept, scale), scale, sure.levels)
}

/** The same of arms apart, each of which has outliers of its own. */
function withoutApart(found: ApartValues, { metric, sure }: Contest): Intervals | undefined {
  const [base, against] = [found.base, found.against].map((values) => {
    const far = outliers(values)
    return values.filter((_, i) => !far[i])
  }) as [number[], number[]]
  if (base.length === found.base.length && against.length === found.against.length) return undefined
  return welchIntervals({ base, against }, scaleOfMetric(metric), sure.levels)
}

/** Whether the verdict would be another without the outliers, or would point elsewhere where it points anywhere. */
function isFragile(kept: Intervals | undefined, { verdict, estimate }: Decided, contest: Contest): boolean {
  if (kept === undefined) return false
  if (weigh(kept, contest).row !== verdict.row) return true
  return pointing.includes(verdict.row) && directionOf(kept) !== directionOf(estimate)
}

const pointing: readonly VerdictRow[] = ['beyond-margin', 'within-margin-but-different', 'different']
type Decided = { verdict: Verdict; estimate: Estimate }

/** What would have been said of the arms' own values, as if no block joined them. */
function unblocked({ values }: Blocks, contest: Contest): Pick<MetricComparison, 'unblocked'> {
  const scale = scaleOfMetric(contest.metric)
  const own = (arm: 'base' | 'against') => values.map((value) => scale.place(value[arm]) as number)
  const estimate = unpairedEstimate({ base: own('base'), against: own('against') }, scale, contest.sure)
  return estimate === undefined ? {} : { unblocked: { estimate, row: weigh(estimate, contest).row } }
}
