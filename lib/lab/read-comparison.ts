import type { PlanVerdicts } from '../domain/verdict.ts'
import { floorsBefore } from '../store/noise-floors.ts'
import { earlierPlans } from '../store/earlier-plans.ts'
import { readCompared } from '../store/read-compared.ts'
import type { Store } from '../store/store.ts'
import { comparePlan } from '../verdict/compare-plan.ts'
import type { Asked } from '../verdict/wanted.ts'

/**
 * What is said of a plan's comparisons, or of those that are asked for. Plans that measured the same cells before tell whether a
 * verdict is replicated, and A/A runs before what the target can tell apart. The same store, up to the plan's session, gives the same verdicts.
 */
export function readComparison(
  store: Store,
  planId: string,
  asked: Omit<Asked, 'others' | 'floors'> = {},
): PlanVerdicts {
  const compared = readCompared(store, planId)
  const others = earlierPlans(store, planId).map((id) =>
    comparePlan(readCompared(store, id), { ...asked, floors: floorsBefore(store, id) }),
  )
  return comparePlan(compared, { ...asked, others, floors: floorsBefore(store, planId) })
}
