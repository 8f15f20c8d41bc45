import type { Plan } from '../domain/plan.ts'
import type { PlanVerdicts } from '../domain/verdict.ts'
import { armNames } from './arm-names.ts'
import { sentinelValues } from './sentinel-words.ts'
import type { ToldArms } from './told-comparison.ts'
import { levelText } from './verdict-numbers.ts'
import { verdictText } from './verdict-words.ts'
import type { Words } from './words.ts'

type Of = { plan: Plan; verdicts: PlanVerdicts; told: readonly ToldArms[]; words: Words }

/** What is to be known of all comparisons together, a sentence each: what was not declared, how sure intervals are, what A/A runs and sentinels said. */
export function comparisonRemarks({ plan, verdicts, told, words }: Of): string[] {
  const metrics = told.flatMap((each) => each.metrics)
  if (metrics.length === 0) return nothingCompared({ plan, verdicts, words })
  const loose = [...new Set(metrics.filter(({ comparison }) => !comparison.declared).map(({ label }) => label))]
  const isDeclared = told.some(({ comparison }) => comparison.declared)
  const undeclared = plan.compare === undefined ? [words('verdict.undeclared')] : []
  const exploratory =
    isDeclared && loose.length > 0 ? [words('verdict.exploratory-metrics', { metrics: loose.join(', ') })] : []
  return [
    ...undeclared,
    ...exploratory,
    ...sureText(metrics, words),
    ...twinTexts({ plan, verdicts, words }),
    ...driftTexts({ plan, verdicts, words }),
  ]
}

/** What was measured all the same comes first: what the target cannot tell apart, and how the machine drifted. */
function nothingCompared(of: Omit<Of, 'told'>): string[] {
  const { verdicts, words } = of
  if (verdicts.twins.length === 0) return [words('verdict.nothing-to-compare'), ...driftTexts(of)]
  return [words('verdict.only-twins'), ...twinTexts(of), ...driftTexts(of), words('verdict.how-to-compare')]
}

const alone = 0.95

function sureText(metrics: readonly ToldArms['metrics'][number][], words: Words): string[] {
  const levels = metrics.flatMap(({ comparison }) => comparison.estimate?.interval.confidence ?? [])
  const sure = [...new Set(levels)].filter((level) => level > alone + 1e-9).toSorted((a, b) => a - b)
  const [least, most] = [sure[0], sure.at(-1)]
  if (least === undefined || most === undefined) return []
  const level = least === most ? levelText(least) : words('range', { low: levelText(least), high: levelText(most) })
  return [words('verdict.sure', { level })]
}

/** That the machine itself drifted, as its sentinel shows. */
function driftTexts({ plan, verdicts: { drifts = [] }, words }: Omit<Of, 'told'>): string[] {
  return drifts
    .filter(({ isMore }) => isMore)
    .map((drift) => {
      const axes = plan.cells.find(({ id }) => id === drift.cellId)?.axes ?? {}
      const cell = Object.values(axes).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
      return words('warning.sentinel.says', sentinelValues(drift, cell.join(' · '), words))
    })
}

/** What the same arm against itself came to. */
function twinTexts({ plan, verdicts, words }: Omit<Of, 'told'>): string[] {
  return verdicts.twins.flatMap((twin) => {
    const names = armNames(plan, twin, words)
    return twin.cells.flatMap(({ metrics }) =>
      metrics.map((each) =>
        words('verdict.twin-says', {
          name: names.base,
          metric: words(`metric.${each.metric}.label`),
          text: verdictText(each, names, words),
        }),
      ),
    )
  })
}
