import { factsOf } from '../domain/metric.ts'
import type { Estimate, MetricComparison } from '../domain/verdict.ts'
import { scaleOfMetric, scales } from './change-scale.ts'
import { caseOf, type Contest, headOf, heldTo } from './contest.ts'
import { weighed, withheld } from './decide.ts'
import { sampledEstimate } from './estimate.ts'
import { lostBlocks } from './lost-blocks.ts'
import { qualityValues } from './quality-values.ts'

/**
 * A quality metric of one cell against another's, over chunks of a text or over prompts. Its noise floor is by how much launches of
 * one arm differ, which is nothing where it is deterministic; of one launch nobody knows.
 */
export function compareQuality(given: Contest): MetricComparison {
  const { base, against, metric, sure } = given
  const scale = scaleOfMetric(metric)
  const found = qualityValues(base, against, metric)
  const differences = found.difference === undefined ? given.differences : [...given.differences, found.difference]
  const { floor: _, ...rest } = given
  const contest: Contest = { ...rest, differences, ...floorOf(found.repeats) }
  const facts = {
    ...caseOf(contest, found),
    blocks: found.blocks,
    valid: found.valid,
    leastBlocks: 1,
    lost: lostBlocks(found.losses, { valid: found.valid, shared: false }),
  }
  const held = withheld(facts)
  const estimate = held === undefined ? sampledEstimate(found.places, found.of, { scale, sure }) : undefined
  return {
    ...headOf(contest),
    verdict: held ?? weighed({ ...heldTo(contest), ...(estimate && { estimate }) }),
    ...(estimate && { estimate, worse: worseThan(estimate, contest) }),
    blocks: [],
    losses: found.losses,
    waiting: found.waiting,
    ...(found.repeats && { repeats: found.repeats }),
  }
}

const floorOf = (repeats: MetricComparison['repeats']): { floor?: number } =>
  repeats === undefined || repeats.launches < 2 ? {} : { floor: Math.max(repeats.differ.base, repeats.differ.against) }

/**
 * Whether B is worse than A by more than the margin (or than its launches differ by themselves): not, where the one-sided bound on
 * the worse side lies inside.
 */
export function worseThan(
  { scale, interval, equivalence }: Estimate,
  { metric, margin, floor }: Pick<Contest, 'metric' | 'margin' | 'floor'>,
): NonNullable<MetricComparison['worse']> {
  const { place, reach } = scales[scale]
  const sign = factsOf(metric).better === 'higher' ? -1 : 1
  const ends = ({ low, high }: { low: number; high: number }) => {
    const places = [place(low) ?? -Infinity, place(high) ?? Infinity].map((each) => sign * each)
    return { best: Math.min(...places), worst: Math.max(...places) }
  }
  if (ends(interval).best > reach(Math.max(margin, floor ?? 0))) return 'yes'
  const isClear = (floor ?? 0) <= margin
  return isClear && ends(equivalence).worst < reach(margin) ? 'no' : 'open'
}
