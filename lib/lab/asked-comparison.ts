import { appliesTo, hasInterval, insteadOf, isShare, scaleOf, usualMargin } from '../domain/compared-metric.ts'
import { type Metric, metrics } from '../domain/metric.ts'
import { didYouMean } from '../domain/nearest.ts'
import { plain } from '../domain/plain.ts'
import type { Plan } from '../domain/plan.ts'
import { UserError } from '../domain/user-error.ts'
import type { Asked } from '../verdict/wanted.ts'
import { askedArms } from './asked-arms.ts'

/** What a command line or a post asks for, as text. */
export type AskedText = {
  /** Two: A, and B that is held against it. */
  arms?: readonly string[] | undefined
  metrics?: readonly string[] | undefined
  /** `2%` of all metrics that are asked for, or `decode_tps=2%`. */
  margins?: readonly string[] | undefined
}
type Of = Pick<Plan, 'cells' | 'compare'>

/** What is asked for of a plan's comparison. Throws a `UserError` with everything that is wrong, and what there is. */
export function askedComparison(plan: Of, { arms, metrics: names, margins }: AskedText): Asked {
  const problems: string[] = []
  const tried = <T>(work: () => T): T | undefined => {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      problems.push(error.message)
      return undefined
    }
  }
  const pairs = arms && tried(() => askedArms(plan, arms))
  const wanted = names?.flatMap((name) => tried(() => metricNamed(plan, name)) ?? [])
  const compared = wanted ?? plan.compare?.margins.map(({ metric }) => metric) ?? []
  const held = margins?.map((text) => tried(() => marginOf(text, compared)) ?? {})
  const asked = Object.assign({}, ...(held ?? [])) as Partial<Record<Metric, number>>
  const declared = plan.compare?.margins.map(({ metric }) => metric) ?? []
  for (const metric of wanted ?? [])
    if (asked[metric] === undefined && !declared.includes(metric) && usualMargin(metric) === undefined)
      problems.push(
        `--metric ${metric}: nobody can say what is little of it: add --margin ${metric}=${example(metric)}`,
      )
  if (problems.length > 0) throw new UserError([...new Set(problems)].join('\n'))
  return {
    ...(pairs && { arms: pairs }),
    ...(wanted && { metrics: [...new Set(wanted)] }),
    ...(held && { margins: asked }),
  }
}

function metricNamed({ cells }: Of, name: string): Metric {
  const all = Object.keys(metrics)
  if (!all.includes(name))
    throw new UserError(
      `--metric ${plain(name)}: there is no such metric${didYouMean(name, all) || '; benchbook explain lists all'}`,
    )
  const metric = name as Metric
  if (!hasInterval(metric))
    throw new UserError(
      `--metric ${metric}: it has no interval, so that no verdict can be given on it: ask for ${insteadOf(metric)}`,
    )
  if (cells.some(({ config }) => appliesTo(metric, config))) return metric
  throw new UserError(`--metric ${metric}: no cell of this plan can have it`)
}

/** One `--margin`: of a metric, or of all that are compared and that it can be of. */
export function marginOf(text: string, compared: readonly Metric[]): Partial<Record<Metric, number>> {
  const at = text.indexOf('=')
  const value = text.slice(at + 1)
  if (at >= 0) {
    const name = text.slice(0, at)
    if (!Object.hasOwn(metrics, name))
      throw new UserError(
        `--margin ${plain(text)}: there is no metric "${plain(name)}"${didYouMean(name, Object.keys(metrics)) || '; benchbook explain lists all'}`,
      )
    return { [name]: marginValue(name as Metric, value, text) }
  }
  const fitting = compared.filter(takesPercent)
  if (fitting.length === 0)
    throw new UserError(`--margin ${plain(text)}: of which metric? Say --metric, or --margin decode_tps=2%`)
  return Object.fromEntries(fitting.map((metric) => [metric, marginValue(metric, value, text)]))
}

const takesPercent = (metric: Metric) => scaleOf(metric) === 'ratio' || isShare(metric)
const example = (metric: Metric) => (takesPercent(metric) ? '2%' : '0.5')
const mostPercent = 100

function marginValue(metric: Metric, text: string, whole: string): number {
  const [, digits = '', sign] = /^\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/.exec(text) ?? []
  const percent = takesPercent(metric)
  const value = percent ? Number(digits) / 100 : Number(digits)
  const right = digits !== '' && (sign === '%') === percent && value > 0 && (!percent || Number(digits) <= mostPercent)
  if (right) return value
  const what = percent
    ? `a percentage above 0 and at most ${mostPercent}%`
    : `a number above 0, in ${metrics[metric].unit || 'its own unit'}`
  throw new UserError(`--margin ${plain(whole)}: the margin of ${metric} is ${what}, such as ${example(metric)}`)
}
