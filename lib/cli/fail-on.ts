import { didYouMean } from '../domain/nearest.ts'
import { plain } from '../domain/plain.ts'
import { type ExitCode, exitCodes, UserError } from '../domain/user-error.ts'
import type { Metric } from '../domain/metric.ts'
import { metrics } from '../domain/metric.ts'
import type { MetricComparison, PlanVerdicts, VerdictRow } from '../domain/verdict.ts'
import { oneOf } from './one-of.ts'

/** What a comparison may end in that a build is to fail on. */
export type FailOn = keyof typeof codes

// The gravest first.
const codes = {
  regression: exitCodes.regression,
  'not-comparable': exitCodes.notComparable,
  inconclusive: exitCodes.inconclusive,
} as const
export const failures = Object.keys(codes) as FailOn[]

/** What `--fail-on regression,inconclusive` asks for. Throws a `UserError` for what there is not. */
export function failOnOf(text: string | undefined): FailOn[] {
  if (text === undefined) return []
  return text.split(',').map((word) => {
    const found = failures.find((each) => each === word.trim())
    if (found !== undefined) return found
    throw new UserError(
      `--fail-on ${plain(text)}: ${JSON.stringify(plain(word.trim()))} is none of ${oneOf(failures)}${didYouMean(word.trim(), failures)}`,
    )
  })
}

/** How a comparison ends for a program that asks: the gravest of what it is to fail on, else well. */
export function comparisonExit(verdicts: PlanVerdicts, failOn: readonly FailOn[]): ExitCode {
  return exitOf(outcomesOf(verdicts), failOn)
}

/** The same of comparisons of which none was declared. */
export const metricsExit = (all: readonly MetricComparison[], failOn: readonly FailOn[]): ExitCode =>
  exitOf(outcomesIn(all), failOn)

function exitOf(found: ReadonlySet<FailOn>, failOn: readonly FailOn[]): ExitCode {
  const failed = failures.find((each) => failOn.includes(each) && found.has(each))
  return failed === undefined ? exitCodes.ok : codes[failed]
}

/** All that speaks against B: of the declared metrics, or, where none is, of those that were asked for. */
export function outcomesOf({ comparisons }: PlanVerdicts): ReadonlySet<FailOn> {
  const all = comparisons.flatMap(({ cells }) => cells.flatMap((cell) => cell.metrics))
  const declared = all.filter((each) => each.declared)
  return outcomesIn(declared.length > 0 ? declared : all)
}

const outcomesIn = (weighed: readonly MetricComparison[]): ReadonlySet<FailOn> =>
  weighed.length === 0 ? new Set(['inconclusive']) : new Set(weighed.flatMap((each) => outcomeOf(each) ?? []))

const incomparable: readonly VerdictRow[] = ['not-comparable', 'invalid', 'error-rates', 'measured-apart']
const settled: readonly VerdictRow[] = ['beyond-margin', 'equivalent', 'within-margin-but-different']

/** `undefined`: nothing speaks against B. A difference of which it is open whether it is beyond the margin is a doubt only where B is worse. */
function outcomeOf(comparison: MetricComparison): FailOn | undefined {
  const { metric, verdict, estimate, worse } = comparison
  if (incomparable.includes(verdict.row)) return 'not-comparable'
  const isWorse =
    estimate !== undefined && change(metric, estimate.change, estimate.scale === 'ratio' ? 1 : 0) === 'worse'
  if (verdict.row === 'beyond-margin') return isWorse ? 'regression' : undefined
  if (settled.includes(verdict.row) || worse === 'no') return undefined
  return verdict.row === 'different' && !isWorse ? undefined : 'inconclusive'
}

function change(metric: Metric, value: number, none: number): 'better' | 'worse' | 'neither' {
  const { better } = metrics[metric]
  if (better === 'neither') return 'neither'
  return value > none === (better === 'higher') ? 'better' : 'worse'
}
