import type { ArmComparison, MetricComparison, PlanVerdicts, VerdictRow } from '../domain/verdict.ts'
import { directionOf } from './contest.ts'

/** Rows that claim something of the arms, which another session can agree to. */
const claims: readonly VerdictRow[] = ['beyond-margin', 'within-margin-but-different', 'equivalent', 'different']

/**
 * How far a verdict has got: `replicated` where another plan, and so another session, says the same of the same cells: the row, the
 * direction, by the same margin. `undefined` where nothing is claimed. What was measured at running servers, or
 * held back for a test, is never replicated.
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
  const all = others
    .filter((other) => other.planId !== planId)
    .flatMap(({ comparisons }) => comparisons.filter((each) => !each.onServers && !each.heldBack))
    .flatMap(({ cells }) => cells.flatMap(({ metrics }) => metrics))
  return all.some((other) => agrees(other, comparison)) ? 'replicated' : 'single-session'
}

function agrees(
  other: MetricComparison,
  { metric, base, against, margin, verdict, estimate }: MetricComparison,
): boolean {
  if (other.metric !== metric || other.base !== base || other.against !== against || other.margin !== margin)
    return false
  if (other.verdict.row !== verdict.row || other.estimate === undefined || estimate === undefined) return false
  return verdict.row === 'equivalent' || directionOf(other.estimate) === directionOf(estimate)
}
