import type { Metric } from '../domain/metric.ts'
import { geometricMean } from '../stats/mean.ts'
import { quantile } from '../stats/quantile.ts'
import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { percent } from './numbers.ts'
import { labelOf } from './metric-words.ts'

export type Drift = { cell: ShownCell; ratio: number }
const least = 6

/** The median of the last third of each course of values against that of its first, and the mean of these ratios. */
export function driftOf(cell: ShownCell, courses: readonly (readonly number[])[]): Drift[] {
  const ratios = courses.flatMap((course) => {
    const third = Math.floor(course.length / 3)
    const [first, last] = [median(course.slice(0, third)), median(course.slice(-third))]
    return course.length < least || first === undefined || last === undefined || first <= 0 ? [] : [last / first]
  })
  return ratios.length === 0 ? [] : [{ cell, ratio: geometricMean(ratios) }]
}

function median(values: readonly number[]): number | undefined {
  return quantile(Float64Array.from(values).toSorted(), 0.5)
}

// Below this a median of some ten requests says nothing.
const steady = 0.05

type Told = { metric: Metric; cells: readonly ShownCell[]; kind: 'drift' | 'blocks' }
/** The title of a chart over time: how far the one that changed most has changed. */
export function driftTitle(evidence: Evidence, { metric, cells, kind }: Told, drifts: readonly Drift[]): string {
  const { words } = evidence
  const group = cells[0]?.arm.group ?? ''
  const parts = { label: labelOf(evidence, metric), on: group === '' ? '' : words('chart.on', { group }) }
  const most = drifts.toSorted((a, b) => Math.abs(Math.log(b.ratio)) - Math.abs(Math.log(a.ratio)))[0]
  if (most === undefined) return words('chart.drift-none', parts)
  const change = most.ratio - 1
  const shown = { ...parts, change: percent(Math.abs(change)), name: most.cell.name }
  if (Math.abs(change) < steady) return words(`chart.${kind}-steady`, shown)
  return words(`chart.${kind}-${change > 0 ? 'more' : 'less'}`, shown)
}
