import type { JsonValue } from '../domain/json.ts'
import { metrics } from '../domain/metric.ts'
import { percent } from '../domain/percent.ts'
import { plain } from '../domain/plain.ts'
import type { CellProgress, Progress, TrialState } from '../run/progress.ts'
import { duration, metricText } from '../run/progress-lines.ts'
import { geometricMean, mean } from '../stats/mean.ts'
import type { Paint } from './progress-style.ts'
import { fit, widthOf } from './text-columns.ts'

type Options = { width: number; nowMs: number; paint: Paint }
type Column = { head: string; texts: readonly string[]; align?: 'right' }

/** The width below which the name of an axis or its value says nothing. */
const leastAxis = 5
const gap = '  '

/** A line per cell, and that of their heads: its axes, its trials, what was measured so far, how long its trial runs. */
export function progressColumns(
  { cells }: Progress,
  { width, nowMs, paint }: Options,
): { heads: string; cells: string[] } {
  const axes = axisColumns(cells)
  const rest: Column[] = [
    { head: 'so far', texts: cells.map(measuredText) },
    { head: 'n', texts: cells.map(({ measured }) => String(measured?.values.length ?? '')), align: 'right' },
    { head: '   now', texts: cells.map((cell) => nowText(cell, nowMs)), align: 'right' },
  ]
  const most = Math.max(...cells.map(({ states }) => states.length), 'trials'.length)
  const around = widthsOf([...axes, ...rest]).reduce((sum, each) => sum + each + gap.length, 0)
  const asCounts = around + most > width && most > 'trials'.length
  const trials = cells.map(({ states }) => (asCounts ? counted(states, paint) : states.map(paint.state).join('')))
  const trialsWidth = Math.max('trials'.length, ...trials.map(widthOf))
  const restWidths = widthsOf(rest)
  const taken = [trialsWidth, ...restWidths].reduce((sum, each) => sum + each + gap.length, 0)
  const values = axes.map(({ texts }) => Math.max(leastAxis, ...texts.map(widthOf)))
  const room = width - taken - gap.length * (axes.length - 1)
  const axisWidths = squeezed(squeezed(widthsOf(axes), room, values), room)
  const line = (at: number | 'head') => {
    const text = (column: Column) => (at === 'head' ? column.head : (column.texts[at] ?? ''))
    const state = at === 'head' ? 'trials' : (trials[at] ?? '')
    const parts = [
      ...axes.map((column, i) => fit(text(column), axisWidths[i] ?? 0)),
      state + ' '.repeat(trialsWidth - widthOf(state)),
      ...rest.map((column, i) => fit(text(column), restWidths[i] ?? 0, column.align)),
    ]
    return paint.cut(parts.join(gap).trimEnd(), width)
  }
  return { heads: line('head'), cells: cells.map((_, at) => line(at)) }
}

/** The axes whose value is not the same everywhere; all of them where none is. */
function axisColumns(cells: readonly CellProgress[]): Column[] {
  const names = Object.keys(cells[0]?.cell.axes ?? {})
  const columns = names.map((name) => ({
    head: plain(name.split('.').at(-1) ?? name),
    texts: cells.map(({ cell }) => shown(cell.axes[name])),
  }))
  const varied = columns.filter(({ texts }) => new Set(texts).size > 1)
  return varied.length > 0 ? varied : columns
}

const shown = (value: JsonValue | undefined) =>
  plain(value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value))

function measuredText({ measured, good }: CellProgress): string {
  if (measured === undefined || measured.values.length === 0) return ''
  const { metric, values } = measured
  const value = metricText(metric, metrics[metric].mean === 'geometric' ? geometricMean(values) : mean(values))
  const text = good === undefined ? value : `${value}, ${percent(mean(good))} good`
  return measured.valid ? text : `(${text})`
}

const nowText = ({ runningSinceMs }: CellProgress, nowMs: number) =>
  runningSinceMs === undefined ? '' : duration(Math.max(0, nowMs - runningSinceMs))

const countedStates: readonly TrialState[] = ['ok', 'invalid', 'failed', 'running', 'open']

/** `✓12 ✗1 ·7`. */
function counted(states: readonly TrialState[], paint: Paint): string {
  return countedStates
    .map((state) => [state, states.filter((one) => one === state).length] as const)
    .filter(([, n]) => n > 0)
    .map(([state, n]) => `${paint.state(state)}${n}`)
    .join(' ')
}

const widthsOf = (columns: readonly Column[]) =>
  columns.map(({ head, texts }) => Math.max(widthOf(head), ...texts.map(widthOf)))

/** Widths that take no more than `room` together, as far as the least of each allows: the widest give first. */
function squeezed(widths: readonly number[], room: number, least?: readonly number[]): number[] {
  const result = [...widths]
  const spare = (at: number) => (result[at] ?? 0) > (least?.[at] ?? leastAxis)
  while (result.reduce((total, each) => total + each, 0) > room) {
    const giving = result.map((_, at) => at).filter(spare)
    if (giving.length === 0) break
    const widestAt = giving.reduce((best, at) => ((result[at] ?? 0) > (result[best] ?? 0) ? at : best))
    result[widestAt] = (result[widestAt] ?? 0) - 1
  }
  return result
}
