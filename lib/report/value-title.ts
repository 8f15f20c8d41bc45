import type { Metric } from '../domain/metric.ts'
import type { ShownCell } from './comparison.ts'
import type { CellValue, Evidence } from './evidence.ts'
import { inShownUnit, significant } from './numbers.ts'

/** A value of a cell in a sentence: of what, of how many launches, with its interval. */
export function valueTitle({ words }: Evidence, { name }: ShownCell, metric: Metric, found: CellValue): string {
  const ends = intervalEnds(metric, found)
  return words(found.valid ? 'matrix.value' : 'matrix.value-invalid', {
    metric,
    cell: name,
    launches: found.n,
    interval: ends === undefined ? '' : words('matrix.interval', ends),
  })
}

/** Both ends of its interval, in the unit that is shown; `undefined` with one launch. */
export function intervalEnds(metric: Metric, { interval }: CellValue): { low: string; high: string } | undefined {
  return interval && { low: endText(metric, interval.low), high: endText(metric, interval.high) }
}

/** A value with four significant digits, in the unit that is shown. */
export const endText = (metric: Metric, value: number): string => significant(inShownUnit(metric, value), 4)
