import type {
  ArmValues,
  ReproducedMetric,
  Reproduction,
  ReproductionOutcome,
  ReproductionReason,
} from '../domain/reproduction.ts'
import type { Estimate, MetricComparison, PlanVerdicts, VerdictRow } from '../domain/verdict.ts'
import { mean } from '../stats/mean.ts'
import { scales } from './change-scale.ts'

/**
 * Whether what one lab says of its arms is found again in another: on the ratios (or differences) of its arms, never on their own values,
 * which other hardware changes. A metric is reproduced where both labs' intervals overlap, and both show the same direction and about the
 * same size (neither interval reaches twice what the other lab found, on the line of its scale), or both show that the arms are within the
 * margin; it is not where the intervals have nothing in common, where the directions are opposite, or where one lab shows it within the
 * margin and the other beyond. Else it is open: intervals of few blocks are wide, and overlap with almost anything. What the bundle left
 * open itself claims nothing, and speaks against nothing but where the intervals have nothing in common.
 */
export function reproduction(there: PlanVerdicts, here: PlanVerdicts): Reproduction {
  const ours = new Map(metricsOf(here).map((each) => [keyOf(each), each]))
  const pairs = there.comparisons.map(({ base, against, cells }) => ({
    base,
    against,
    metrics: cells.flatMap(({ metrics }) => metrics.map((each) => reproduced(each, ours.get(keyOf(each))))),
  }))
  return { outcome: outcomeOf(pairs.flatMap(({ metrics }) => metrics)), pairs }
}

/** Whether nothing that is measured elsewhere could reproduce it: no metric that decides has a verdict that says something. */
export const claimsNothing = (verdicts: PlanVerdicts): boolean =>
  ['inconclusive', 'not-comparable'].includes(reproduction(verdicts, verdicts).outcome)

const metricsOf = ({ comparisons }: PlanVerdicts) =>
  comparisons.flatMap(({ cells }) => cells.flatMap(({ metrics }) => metrics))
const keyOf = ({ metric, base, against }: MetricComparison) => JSON.stringify([metric, base, against])

/** What was declared decides; where nothing was, all does. */
function outcomeOf(all: readonly ReproducedMetric[]): ReproductionOutcome {
  const declared = all.filter((each) => each.declared)
  const deciding = declared.length > 0 ? declared : all
  const outcomes = deciding.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'nothing-claimed')
  if (outcomes.includes('not-reproduced')) return 'not-reproduced'
  if (outcomes.length === 0) return deciding.some(isIncomparable) ? 'not-comparable' : 'inconclusive'
  return (
    (['reproduced', 'not-comparable'] as const).find((one) => outcomes.every((each) => each === one)) ?? 'inconclusive'
  )
}

const isIncomparable = ({ there }: ReproducedMetric) => incomparable.has(there.verdict.row)

/** Rows that say that the arms are none to be held against each other, or that what was measured is of no use. */
const incomparable: ReadonlySet<VerdictRow> = new Set(['not-comparable', 'invalid', 'error-rates', 'lengths-differ'])

function reproduced(there: MetricComparison, here: MetricComparison | undefined): ReproducedMetric {
  const { metric, declared } = there
  const values = { ...named('there', there), ...named('here', here) }
  return { metric, declared, ...judged(there, here), there, ...(here && { here }), values }
}

type Judged = { outcome: ReproducedMetric['outcome']; reason: ReproductionReason }

function judged(there: MetricComparison, here: MetricComparison | undefined): Judged {
  const claimed = shownBy(there)
  if (claimed === undefined) return { outcome: 'nothing-claimed', reason: 'no-verdict-there' }
  if (here === undefined) return { outcome: 'not-comparable', reason: 'not-measured-here' }
  const found = shownBy(here)
  if (found === undefined)
    return {
      outcome: incomparable.has(here.verdict.row) ? 'not-comparable' : 'inconclusive',
      reason: 'no-verdict-here',
    }
  return held(claimed, found)
}

/** What a comparison shows: on a line where no change is 0. */
type Shown = { low: number; high: number; found: number; direction: -1 | 0 | 1; within: boolean; beyond: boolean }

/** Rows that say that the arms differ; of others an interval beside no change is no claim: the target may not resolve it. */
const differing: ReadonlySet<VerdictRow> = new Set(['beyond-margin', 'different', 'within-margin-but-different'])

function shownBy({ estimate, verdict: { row } }: MetricComparison): Shown | undefined {
  if (estimate === undefined) return undefined
  const { low, high } = onLine(estimate)
  const found = scales[estimate.scale].place(estimate.change) ?? 0
  const within = row === 'equivalent' || row === 'within-margin-but-different'
  const direction = !differing.has(row) ? 0 : low > 0 ? 1 : high < 0 ? -1 : 0
  return { low, high, found, direction, within, beyond: row === 'beyond-margin' }
}

function onLine({ scale, interval: { low, high } }: Estimate): { low: number; high: number } {
  const { place } = scales[scale]
  return { low: place(low) ?? -Infinity, high: place(high) ?? Infinity }
}

function held(there: Shown, here: Shown): Judged {
  if (there.low > here.high || here.low > there.high) return { outcome: 'not-reproduced', reason: 'apart' }
  if (there.direction * here.direction < 0) return { outcome: 'not-reproduced', reason: 'opposite' }
  if ((there.within && here.beyond) || (there.beyond && here.within))
    return { outcome: 'not-reproduced', reason: 'within-and-beyond' }
  if (there.within && here.within) return { outcome: 'reproduced', reason: 'both-within' }
  if (there.direction !== 0 && there.direction === here.direction)
    return mayBeTwice(there, here) || mayBeTwice(here, there)
      ? { outcome: 'inconclusive', reason: 'size-open' }
      : { outcome: 'reproduced', reason: 'same-direction' }
  const claims = there.within || there.direction !== 0
  return claims
    ? { outcome: 'inconclusive', reason: 'open-here' }
    : { outcome: 'nothing-claimed', reason: 'open-there' }
}

/** Whether an interval, both of whose ends are on one side of no change, holds twice what the other lab found, or more. */
const mayBeTwice = ({ low, high }: Shown, { found }: Shown) =>
  Math.max(Math.abs(low), Math.abs(high)) >= 2 * Math.abs(found)

function named(lab: 'there' | 'here', comparison: MetricComparison | undefined): ReproducedMetric['values'] {
  const values = comparison && valuesOf(comparison)
  return values === undefined ? {} : { [lab]: values }
}

/** Means over the blocks, geometric where the scale is a ratio; `undefined` where there are no blocks. */
function valuesOf({ blocks, estimate }: MetricComparison): ArmValues | undefined {
  if (estimate === undefined || blocks.length === 0) return undefined
  const { place, value } = scales[estimate.scale]
  const over = (arm: 'base' | 'against') => value(mean(blocks.map((block) => place(block[arm]) as number)))
  return { base: over('base'), against: over('against') }
}
