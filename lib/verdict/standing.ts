import type { ArmComparison, MetricComparison, PlanVerdicts, VerdictRow } from '../domain/verdict.ts'
import { directionOf } from './contest.ts'

/** Rows that claim something of the arms, which another session can agree to. */
const claims: readonly VerdictRow[] = ['beyond-margin', 'within-margin-but-different', 'equivalent', 'different']

/** Rows that say on which side of nothing B lies. */
const sided: readonly VerdictRow[] = ['beyond-margin', 'different']
const within: readonly VerdictRow[] = ['within-margin-but-different', 'equivalent']

/**
 * How far a verdict has got: `replicated` where another plan, and so another session, says the same of the same cells: the row, the
 * direction, by the same margin; `contradicted` where any says what cannot be true beside it, whatever others say. `undefined` where
 * nothing is claimed. What was measured at running servers, or held back for a test, is never replicated.
 */
export function standingOf(
  comparison: MetricComparison,
  {
    others,
    planId,
    ...of
  }: { others: readonly PlanVerdicts[]; planId: string } & Pick<ArmComparison, 'onServers' | 'heldBack'>,
): MetricComparison['standing'] {
  if (!claims.includes(comparison.verdict.row)) return undefined
  if (of.onServers || of.heldBack) return 'single-session'
  const same = others
    .filter((other) => other.planId !== planId)
    .flatMap(({ comparisons }) => comparisons.filter((each) => !each.onServers && !each.heldBack))
    .flatMap(({ cells }) => cells.flatMap(({ metrics }) => metrics))
    .filter((other) => isSameQuestion(other, comparison))
  if (same.some((other) => contradicts(other, comparison))) return 'contradicted'
  return same.some((other) => agrees(other, comparison)) ? 'replicated' : 'single-session'
}

const isSameQuestion = (a: MetricComparison, b: MetricComparison): boolean =>
  a.metric === b.metric && a.base === b.base && a.against === b.against && a.margin === b.margin

function agrees(other: MetricComparison, { verdict, estimate }: MetricComparison): boolean {
  if (other.verdict.row !== verdict.row || other.estimate === undefined || estimate === undefined) return false
  return verdict.row === 'equivalent' || directionOf(other.estimate) === directionOf(estimate)
}

/** One is beyond the margin and the other inside, or they differ to opposite sides. */
function contradicts(other: MetricComparison, { verdict, estimate }: MetricComparison): boolean {
  const rows = [verdict.row, other.verdict.row]
  if (rows.includes('beyond-margin') && rows.some((row) => within.includes(row))) return true
  if (!rows.every((row) => sided.includes(row)) || other.estimate === undefined || estimate === undefined) return false
  return directionOf(other.estimate) !== directionOf(estimate)
}
