import type { Plan } from '../domain/plan.ts'
import type { Reproduction, SetupDifference } from '../domain/reproduction.ts'
import { readCompared } from '../store/read-compared.ts'
import type { Store } from '../store/store.ts'
import { comparePlan } from '../verdict/compare-plan.ts'
import { reproduction } from '../verdict/reproduction.ts'
import { setupDifferences } from '../verdict/setup-differences.ts'
import type { Asked } from '../verdict/wanted.ts'
import type { OpenedBundle } from './open-bundle.ts'

export type ReproducedIn = {
  planId: string
  plan: Plan
  reproduction: Reproduction
  setup: readonly SetupDifference[]
}

/** Whether what a bundle says of its arms is found in a plan of this store, asked for the same pairs, metrics and margins. */
export function reproducedIn(store: Store, planId: string, bundle: OpenedBundle): ReproducedIn {
  const compared = readCompared(store, planId)
  const here = comparePlan(compared, askedBy(bundle))
  return {
    planId,
    plan: compared.plan,
    reproduction: reproduction(bundle.verdicts, here),
    setup: setupDifferences(bundle.manifests, compared.manifests),
  }
}

function askedBy({ verdicts }: OpenedBundle): Asked {
  const all = verdicts.comparisons.flatMap(({ cells }) => cells.flatMap(({ metrics }) => metrics))
  const arms = verdicts.comparisons.map(({ base, against }) => ({ base: base.arm, against: against.arm }))
  return {
    arms: [...new Map(arms.map((pair) => [JSON.stringify(pair), pair])).values()],
    metrics: [...new Set(all.map(({ metric }) => metric))],
    margins: Object.fromEntries(all.map(({ metric, margin }) => [metric, margin])),
  }
}
