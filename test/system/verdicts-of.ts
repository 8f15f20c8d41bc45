import { listPlans } from '../../lib/store/list-plans.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { readComparison } from '../../lib/lab/read-comparison.ts'
import type { ArmComparison, MetricComparison, PlanVerdicts } from '../../lib/domain/verdict.ts'
import type { Metric } from '../../lib/domain/metric.ts'
import type { Lab } from './lab.ts'

/** What is said of the plan that was made last. */
export function latestVerdicts(lab: Pick<Lab, 'store'>): PlanVerdicts {
  using store = openStore({ file: lab.store, mode: 'read' })
  const latest = listPlans(store).toSorted((a, b) => b.createdAtMs - a.createdAtMs)[0]
  if (latest === undefined) throw new Error(`${lab.store} has no plan`)
  return readComparison(store, latest.id)
}

/** The declared comparison of a stratum that has these values. */
export function ofStratum({ comparisons }: PlanVerdicts, values: Readonly<Record<string, unknown>>): ArmComparison {
  const found = comparisons.filter(({ base: { stratum } }) => {
    const has = JSON.parse(stratum) as Record<string, unknown>
    return Object.entries(values).every(([axis, value]) => has[axis] === value)
  })
  if (found.length !== 1) throw new Error(`${found.length} comparisons of ${JSON.stringify(values)}`)
  return found[0] as ArmComparison
}

/** The one verdict on a metric of two arms. */
export function onMetric({ cells }: ArmComparison, metric: Metric): MetricComparison {
  const found = cells.flatMap(({ metrics }) => metrics.filter((each) => each.metric === metric))
  if (found.length !== 1) throw new Error(`${found.length} verdicts on ${metric}`)
  return found[0] as MetricComparison
}
