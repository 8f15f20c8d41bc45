import type { Metric } from '../domain/metric.ts'
import { axisText, type ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { gapReason } from './gap-reason.ts'
import { columnHead, columnsOf, type Column, type MatrixColumn } from './matrix-columns.ts'
import { inShownUnit, missing, shownValue } from './numbers.ts'
import { rawPoints, thinned } from './raw-points.ts'
import { stripOf, symbolOf } from './symbol.ts'
import { valueTitle } from './value-title.ts'

export type MatrixValue = {
  column: string
  /** As a number, for programs; empty where there is none. */
  raw: string
  text: string
  half: string
  /** Where its samples are; empty where there is none. */
  href: string
  /** What it is, or why it is not there. */
  title: string
  strip: string
  /** Its column has strips. */
  stripped: boolean
  valid: boolean
  hidden: boolean
}
export type MatrixRow = {
  arm: number
  /** The anchors' numbers of its cells, to open it to their trials. */
  cells: string
  armName: string
  /** What its first cell is called. */
  title: string
  symbol: string
  name: string
  axes: readonly { text: string; numeric: boolean }[]
  values: readonly MatrixValue[]
}
export type Matrix = {
  /** The compared axis, then the others that vary. */
  axes: readonly { name: string; numeric: boolean }[]
  columns: readonly MatrixColumn[]
  rows: readonly MatrixRow[]
  note: string
}

/** A row per cell; cells that differ in nothing but the kind of their workload share one, as their metrics differ anyway. */
export function matrixOf(evidence: Evidence): Matrix {
  const { comparison } = evidence
  const columns = columnsOf(evidence)
  const several = new Set(columns.map((column) => column.kind)).size > 1
  const rows = [...Map.groupBy(comparison.cells, (cell) => cell.row).values()]
  const others = comparison.axes.filter((axis) => axis !== comparison.axis)
  const named = comparison.cells.some((cell) => cell.workload !== '')
  const axes = [...others, ...(named ? ['workload'] : [])]
  const farthest = farthestPoints(evidence, columns)
  const numeric = (axis: string) => comparison.cells.every((cell) => typeof cell.cell.axes[axis] === 'number')
  const shown = rows.flatMap((cells) => rowOf(evidence, { cells, columns, axes, numeric, farthest }))
  return {
    axes: [comparison.axis, ...axes].map((axis) => ({
      name: axis,
      numeric: axis !== comparison.axis && numeric(axis),
    })),
    columns: columns.map((column) => columnHead(evidence, column, several)),
    rows: shown,
    note: noteOf(evidence, several, shown),
  }
}

function noteOf({ words, data }: Evidence, several: boolean, rows: readonly MatrixRow[]): string {
  const invalid = rows.some(({ values }) => values.some(({ valid }) => !valid))
  return [
    words(several ? 'matrix.note-joined' : 'matrix.note'),
    ...(data.plan.blocks > 1 ? [words('matrix.note-interval')] : []),
    ...(invalid ? [words('matrix.note-invalid')] : []),
  ].join(' ')
}

type RowParts = {
  cells: readonly ShownCell[]
  columns: readonly Column[]
  axes: readonly string[]
  numeric: (axis: string) => boolean
  farthest: FarthestPoints
}
function rowOf(evidence: Evidence, { cells, columns, axes, numeric, farthest }: RowParts): MatrixRow[] {
  const [first] = cells
  if (first === undefined) return []
  const workloads = [...new Set(cells.map((cell) => cell.cell.config.workload.name))].join(', ')
  return [
    {
      arm: first.arm.index,
      cells: cells.map((cell) => cell.index + 1).join(' '),
      armName: first.arm.name,
      title: first.name,
      symbol: symbolOf(first.arm.mark),
      // Its column says what a number is.
      name: axisText(first.cell.axes[evidence.comparison.axis]) || first.arm.value,
      axes: axes.map((axis) => ({
        text: axis === 'workload' ? workloads : axisText(first.cell.axes[axis]),
        numeric: numeric(axis),
      })),
      values: columns.map((column) => {
        const cell = cells.find((each) => each.kind === column.kind)
        return cell === undefined ? noCell(evidence, column) : valueOf(evidence, { column, cell, farthest })
      }),
    },
  ]
}

function noCell({ words }: Evidence, column: Column): MatrixValue {
  return { ...emptyValue(column), href: '', title: words('matrix.no-cell', { kind: column.kind }) }
}

function emptyValue({ id, hidden, strip }: Column): Omit<MatrixValue, 'href' | 'title'> {
  return { column: id, raw: '', text: missing, half: '', strip: '', stripped: strip, valid: true, hidden }
}

type Place = { column: Column; cell: ShownCell; farthest: FarthestPoints }
function valueOf(evidence: Evidence, { column, cell, farthest }: Place): MatrixValue {
  const { metric } = column
  const href = `#cell-${cell.index + 1}`
  const found = evidence.valueOf(cell, metric)
  if (found === undefined) return { ...emptyValue(column), href, title: gapReason(evidence, cell, metric) }
  const { text, half } = shownValue(metric, found.value, found.interval)
  return {
    ...emptyValue(column),
    raw: String(inShownUnit(metric, found.value)),
    text,
    half,
    href,
    title: valueTitle(evidence, cell, metric, found),
    strip: column.strip
      ? stripOf(thinned(rawPoints(evidence, cell, metric)), farthest(cell, metric), cell.arm.mark)
      : '',
    valid: found.valid,
  }
}

type FarthestPoints = (cell: ShownCell, metric: Metric) => number

/** The largest raw point of a cell's kind and group: strips are compared within it. */
function farthestPoints(evidence: Evidence, columns: readonly Column[]): FarthestPoints {
  const farthest = new Map<string, number>()
  for (const { metric } of columns.filter((column) => column.strip))
    for (const cell of evidence.comparison.cells)
      for (const { value } of rawPoints(evidence, cell, metric))
        farthest.set(stripScale(cell, metric), Math.max(value, farthest.get(stripScale(cell, metric)) ?? 0))
  return (cell, metric) => farthest.get(stripScale(cell, metric)) ?? 0
}

function stripScale({ kind, arm }: ShownCell, metric: Metric): string {
  return JSON.stringify([kind, arm.group, metric])
}
