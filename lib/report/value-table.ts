import { metrics, type Metric } from '../domain/metric.ts'
import { bestOf, type Measured, measuredOf } from './best-values.ts'
import type { ShownCell } from './comparison.ts'
import type { CellValue, Evidence } from './evidence.ts'
import { gapReason } from './gap-reason.ts'
import { definitionOf, labelOf } from './metric-words.ts'
import { inShownUnit, missing, shownUnit, shownValue } from './numbers.ts'
import type { Words } from './words.ts'

/** A head of a column; `n` where numbers stand below it. */
export type TableHead = { name: string; unit: string; href: string; title: string; n: boolean }
/** What the values of a column are, for programs: a metric or a name of its own, and the prompt that they are of, if of one. */
export type Figures = { figure: string; prompt?: string }
/** What stands in a column: a text, and of a number what it sorts by. */
export type TableCell = {
  text: string
  /** Half of its interval, or what else stands small behind `text`; empty where there is none. */
  half: string
  /** As a number, for sorting and for programs; empty where there is none. */
  raw: string
  /** Of which cell, where not of that of the row. */
  href: string
  title: string
  /** The best of its column. */
  best: boolean
  /** Set off: not as it should be, or not as others are. */
  differs: boolean
  invalid: boolean
  /** Nothing is there, and `title` says why. */
  gap: boolean
  n: boolean
}
export type TableRow = { arm: number; symbol: string; name: string; cells: readonly (TableCell & Required<Figures>)[] }
/** A table of values that can be sorted: a row per arm. */
export type ValueTable = {
  title: string
  note: string
  rowHead: string
  heads: readonly TableHead[]
  rows: readonly TableRow[]
}

/** A column of a table of cells, before it is put in words. */
export type ValueColumn = {
  head: TableHead
  of: Figures
  /** Which of two values is better, where one is. */
  better: 'higher' | 'lower' | 'neither'
  cellOf: (cell: ShownCell) => TableCell & { measured?: Measured }
}

const plainCell = {
  half: '',
  raw: '',
  href: '',
  title: '',
  best: false,
  differs: false,
  invalid: false,
  gap: false,
  n: false,
}

/** A text in a table. */
export function textCell(text: string, more: Partial<TableCell> = {}): TableCell {
  return { ...plainCell, text, ...more }
}

/** A number in a table, `found` in the unit of its column as `metric` is shown; or a dash with `reason`. */
export function numberCell(
  words: Words,
  metric: Metric,
  { found, reason }: { found: CellValue | undefined; reason: string },
): TableCell & { measured?: Measured } {
  if (found === undefined) return { ...plainCell, text: missing, title: reason, gap: true, n: true }
  const { text, half } = shownValue(metric, found.value, found.interval)
  const raw = String(inShownUnit(metric, found.value))
  const title = words('value.launches', { n: found.n })
  return { ...plainCell, text, half, raw, title, invalid: !found.valid, n: true, measured: measuredOf(metric, found) }
}

/** A column of a metric of cells. */
export function metricColumn(evidence: Evidence, metric: Metric): ValueColumn {
  const { better } = metrics[metric]
  const head = {
    name: labelOf(evidence, metric),
    unit: shownUnit(metric),
    href: `#metric-${metric}`,
    title: definitionOf(evidence, metric),
    n: true,
  }
  const cellOf = (cell: ShownCell) =>
    numberCell(evidence.words, metric, {
      found: evidence.valueOf(cell, metric),
      reason: gapReason(evidence, cell, metric),
    })
  return { head, of: { figure: metric }, better, cellOf }
}

/** The cells of each column with the best of it marked, where there is one. */
export function columnCells(cells: readonly ShownCell[], columns: readonly ValueColumn[]): TableRow['cells'][] {
  const byColumn = columns.map(({ of, better, cellOf }) => {
    const made = cells.map((cell) => ({ row: cell, ...cellOf(cell) }))
    const best = bestOf(
      made.flatMap(({ measured }) => measured ?? []),
      better,
    )
    return made.map(({ row, measured, ...cell }) => ({
      prompt: '',
      ...of,
      ...cell,
      href: cell.href || hrefOf(row),
      best: measured !== undefined && best.has(measured),
    }))
  })
  return cells.map((_, row) => byColumn.flatMap((column) => column[row] ?? []))
}

/** Where a page has the samples behind `cell`. */
export function hrefOf({ index }: ShownCell): string {
  return `#cell-${index + 1}`
}
