import { didYouMean } from '../domain/nearest.ts'
import { metrics, type Metric } from '../domain/metric.ts'
import { axisText, type ShownCell } from './comparison.ts'
import type { CellValue, Evidence } from './evidence.ts'
import { gapReason } from './gap-reason.ts'
import { inShownUnit, shownUnit, shownValue, significant } from './numbers.ts'
import { AskProblem, digitsOf, flagOf, lacking, type PostAsk, refuseWords } from './post-ask.ts'
import { sampleOf } from './post-sample.ts'
import type { BoundValue } from './post-bindings.ts'

const noBreak = '\u00a0'
const own = ['metric', 'interval', 'unit', 'digits', 'of']
const kinds = ['value', 'low', 'high', 'n'] as const

/**
 * `{{value metric="decode_tps" quantization="q8_0"}}`: the metric of the one cell that the axes pick. Throws an `AskProblem` that lists
 * what there is where that is none or several.
 */
export function planValue(evidence: Evidence, { words, options }: PostAsk): BoundValue {
  refuseWords(words, 'metric')
  const metric = metricOf(options)
  const of = oneOf(options['of'] ?? 'value', kinds)
  const cell = pickedCell(evidence, metric, filtersOf(evidence, options, own))
  const found = foundIn(evidence, cell, metric)
  const doubt = found.valid ? {} : { doubt: `${metric} of ${cell.name} rests on invalid trials only` }
  const behind = sampleOf(evidence, cell, metric)
  const more = { ...doubt, ...(behind !== undefined && { source: { says: behind.says, samples: [behind] } }) }
  if (of === 'n') return { text: String(found.n), ...more }
  const number = of === 'value' ? found.value : found.interval?.[of]
  if (number === undefined) throw new AskProblem(`${metric} of ${cell.name} has no interval: n = ${found.n}`)
  return { text: valueText(metric, number, { found, options, of }), ...more }
}

type Shown = { found: CellValue; options: PostAsk['options']; of: 'value' | 'low' | 'high' }
function valueText(metric: Metric, number: number, { found, options, of }: Shown): string {
  const digits = digitsOf(options)
  const { text, half } = shownValue(metric, number, found.interval)
  const unit = shownUnit(metric)
  return [
    digits === undefined ? text : significant(inShownUnit(metric, number), digits),
    ...(flagOf(options, 'interval') && half !== '' && of === 'value' ? [half] : []),
    ...(flagOf(options, 'unit') && unit !== '' ? [unit] : []),
  ].join(noBreak)
}

/** The cell that `filters` pick, of those that have the metric where others have not. */
export function pickedCell(
  evidence: Evidence,
  metric: Metric,
  filters: Filters,
  cells: readonly ShownCell[] = evidence.comparison.cells,
): ShownCell {
  const fitting = cells.filter(({ cell }) => filters.every(({ axis, value }) => axisText(cell.axes[axis]) === value))
  const having = fitting.filter((cell) => evidence.valueOf(cell, metric) !== undefined)
  const [cell, ...more] = having.length > 0 ? having : fitting
  if (cell !== undefined && (more.length === 0 || having.length === 0)) return cell
  if (cell === undefined) throw noCell(filters, cells)
  throw new AskProblem(
    `${[metric, textOf(filters)].filter(Boolean).join(' with ')} is of ${having.length} cells: add an axis that tells apart ${listed(having)}`,
  )
}

function noCell(filters: Filters, cells: readonly ShownCell[]): AskProblem {
  for (const { axis, value } of filters) {
    const values = [...new Set(cells.map(({ cell }) => axisText(cell.axes[axis])))]
    if (!values.includes(value)) return lacking(`${axis} has no`, value, values)
  }
  return new AskProblem(`no cell has ${textOf(filters)}: there is ${listed(cells)}`)
}

/** The value of a cell, or why there is none. */
export function foundIn(evidence: Evidence, cell: ShownCell, metric: Metric): CellValue {
  const found = evidence.valueOf(cell, metric)
  if (found !== undefined) return found
  throw new AskProblem(`${cell.name} has no ${metric}: ${gapReason(evidence, cell, metric)}`)
}

export type Filters = readonly { axis: string; value: string }[]

/** The axes among the options that are not `notAxes`: by their name, or by its last part (`threads` of `backend.threads`). */
export function filtersOf({ comparison }: Evidence, options: PostAsk['options'], notAxes: readonly string[]): Filters {
  const axes = [...new Set(comparison.cells.flatMap(({ cell }) => Object.keys(cell.axes)))]
  return Object.entries(options).flatMap(([name, value]) => {
    if (notAxes.includes(name)) return []
    const found = axes.includes(name) ? [name] : axes.filter((axis) => axis.endsWith(`.${name}`))
    const [axis] = found
    if (axis !== undefined && found.length === 1) return [{ axis, value }]
    const all = [...axes, ...notAxes]
    throw new AskProblem(
      `there is no axis ${name}${didYouMean(name, all) || ':'} the axes are ${axes.join(', ')}; options are ${notAxes.join(', ')}`,
    )
  })
}

/** The metric that is asked for. */
export function metricOf(options: PostAsk['options']): Metric {
  const name = options['metric']
  const all = Object.keys(metrics)
  if (name === undefined)
    throw new AskProblem('no metric is named: add one, as in metric="decode_tps"; benchbook explain lists all')
  if (!all.includes(name))
    throw new AskProblem(`there is no metric ${name}${didYouMean(name, all) || ':'} benchbook explain lists all`)
  return name as Metric
}

function oneOf<T extends string>(text: string, all: readonly T[]): T {
  const found = all.find((each) => each === text)
  if (found === undefined) throw new AskProblem(`of is to be ${all.join(', ')}, not ${text}`)
  return found
}

const textOf = (filters: Filters) => filters.map(({ axis, value }) => `${axis}=${value}`).join(', ')

const mostListed = 12
function listed(cells: readonly ShownCell[]): string {
  const names = cells.map(({ name }) => name)
  const more = names.length > mostListed ? `, … (${names.length} in all)` : ''
  return `${names.slice(0, mostListed).join(', ') || 'none'}${more}`
}
