import type { TestContext } from 'vitest'
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

/** Whether other programs, and nothing else, took a verdict its blocks. */
export const isBusy = ({ verdict, losses }: MetricComparison): boolean =>
  (verdict.row === 'invalid' || verdict.row === 'too-few-blocks') &&
  losses.length > 0 &&
  losses.every(({ why }) => why.status === 'invalid' && why.reason === 'contention')

const mostTries = 3

/** Measures again what came to nothing because the machine did something else; what it got last. */
export async function untilQuiet<T>(measure: () => Promise<T>, busy: (got: T) => boolean): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const got = await measure()
    if (tries === mostTries || !busy(got)) return got
  }
}

/** Says that a test could verify nothing, and counts it as skipped. */
export const skipBusy = (context: TestContext, busy: boolean): void =>
  context.skip(busy, 'not verified here: the machine did something else whenever this was measured')
