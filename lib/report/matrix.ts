import { metrics, type Metric } from '../domain/metric.ts'
import { axisText, type ShownCell } from './comparison.ts'
import type { CellValue, Evidence } from './evidence.ts'
import { gapReason } from './gap-reason.ts'
import { inShownUnit, missing, shownUnit, shownValue, significant } from './numbers.ts'
import { rawPoints } from './raw-points.ts'
import { stripOf, symbolOf } from './symbol.ts'

export type MatrixColumn = {
  name: string
  unit: string
  title: string
  href: string
  id: string
  hidden: boolean
  strip: string
}
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

type Column = { metric: Metric; kind: ShownCell['kind']; hidden: boolean; strip: boolean }
// What stands in the table at first, by kind of workload; everything else that was measured is there to be chosen.
const shownFirst: Readonly<Record<ShownCell['kind'], readonly Metric[]>> = {
  completion: ['decode_tps', 'ttft_ms', 'pss_peak_bytes', 'load_ms'],
  'prefill-decode': ['tg_tps', 'pp_tps', 'pss_peak_bytes', 'load_ms'],
  perplexity: ['perplexity'],
}
const withStrip: readonly Metric[] = ['decode_tps', 'tg_tps']
const ofEngineOrArtifact: readonly Metric[] = [
  'load_ms',
  'model_bytes',
  'effective_bpw',
  'pss_peak_bytes',
  'rss_peak_bytes',
]

/** A row per cell; cells that differ in nothing but the kind of their workload share one, as their metrics differ anyway. */
export function matrixOf(evidence: Evidence): Matrix {
  const { comparison } = evidence
  const columns = columnsOf(evidence)
  const several = new Set(columns.map((column) => column.kind)).size > 1
  const rows = [...Map.groupBy(comparison.cells, (cell) => cell.row).values()]
  const others = comparison.axes.filter((axis) => axis !== comparison.axis)
  const named = rows.some((cells) => cells[0]?.panel.includes(cells[0].cell.config.workload.name))
  const axes = [...others, ...(named ? ['workload'] : [])]
  const numeric = (axis: string) => comparison.cells.every((cell) => typeof cell.cell.axes[axis] === 'number')
  return {
    axes: [comparison.axis, ...axes].map((axis) => ({
      name: axis,
      numeric: axis !== comparison.axis && numeric(axis),
    })),
    columns: columns.map((column) => columnHead(evidence, column, several)),
    rows: rows.flatMap((cells) => rowOf(evidence, { cells, columns, axes, numeric })),
    note: noteOf(evidence, several),
  }
}

function noteOf({ words, data }: Evidence, several: boolean): string {
  const note = words(several ? 'matrix.note-joined' : 'matrix.note')
  return data.plan.blocks > 1 ? `${note} ${words('matrix.note-interval')}` : note
}

/** The metrics that have a value anywhere, each under the kind of workload that it is of. */
function columnsOf(evidence: Evidence): Column[] {
  const { cells } = evidence.comparison
  const kinds = [...new Set(cells.map((cell) => cell.kind))]
  const columns = kinds.flatMap((kind, index) =>
    metricsOf(evidence, kind)
      .filter((metric) => index === 0 || !ofEngineOrArtifact.includes(metric) || kinds.length === 1)
      .map((metric) => ({
        metric,
        kind,
        hidden: !isShownFirst(evidence, kind, metric),
        strip: withStrip.includes(metric),
      })),
  )
  return [...columns.filter((column) => !column.hidden), ...columns.filter((column) => column.hidden)]
}

/** Those to be shown first, first. */
function metricsOf(evidence: Evidence, kind: ShownCell['kind']): Metric[] {
  const cells = evidence.comparison.cells.filter((cell) => cell.kind === kind)
  const all = Object.keys(metrics) as Metric[]
  return [...new Set([...shownFirst[kind], ...all])].filter((metric) =>
    cells.some((cell) => evidence.valueOf(cell, metric) !== undefined),
  )
}

/** RSS stands in where PSS could not be read. */
function isShownFirst(evidence: Evidence, kind: ShownCell['kind'], metric: Metric): boolean {
  if (metric === 'rss_peak_bytes' && kind !== 'perplexity') return !metricsOf(evidence, kind).includes('pss_peak_bytes')
  return shownFirst[kind].includes(metric)
}

function columnHead(evidence: Evidence, { metric, kind, hidden, strip }: Column, several: boolean): MatrixColumn {
  const { label, definition } = metrics[metric]
  return {
    id: columnId(kind, metric),
    name: label,
    unit: shownUnit(metric),
    title: `${metric}${several ? ` (${kind})` : ''} = ${definition}`,
    href: `#metric-${metric}`,
    hidden,
    strip: strip ? stripHead(evidence, metric) : '',
  }
}

function stripHead(evidence: Evidence, metric: Metric): string {
  const points = evidence.comparison.cells.flatMap((cell) => rawPoints(evidence, cell, metric))
  return evidence.words(
    points.some((point) => point.of === 'request') ? 'matrix.strip-requests' : 'matrix.strip-launches',
  )
}

function columnId(kind: string, metric: Metric): string {
  return `${kind}-${metric}`
}

type RowParts = {
  cells: readonly ShownCell[]
  columns: readonly Column[]
  axes: readonly string[]
  numeric: (axis: string) => boolean
}
function rowOf(evidence: Evidence, { cells, columns, axes, numeric }: RowParts): MatrixRow[] {
  const [first] = cells
  if (first === undefined) return []
  const workloads = [...new Set(cells.map((cell) => cell.cell.config.workload.name))].join(', ')
  return [
    {
      arm: first.arm.index,
      symbol: symbolOf(first.arm.mark),
      name: first.arm.value,
      axes: axes.map((axis) => ({
        text: axis === 'workload' ? workloads : axisText(first.cell.axes[axis]),
        numeric: numeric(axis),
      })),
      values: columns.map((column) =>
        valueOf(
          evidence,
          column,
          cells.find((cell) => cell.kind === column.kind),
        ),
      ),
    },
  ]
}

function valueOf(
  evidence: Evidence,
  { metric, kind, hidden, strip }: Column,
  cell: ShownCell | undefined,
): MatrixValue {
  const { words } = evidence
  const column = columnId(kind, metric)
  const empty = { column, raw: '', text: missing, half: '', strip: '', stripped: strip, valid: true, hidden }
  if (cell === undefined) return { ...empty, href: '', title: words('matrix.no-cell', { kind }) }
  const href = `#cell-${cell.index + 1}`
  const found = evidence.valueOf(cell, metric)
  if (found === undefined) return { ...empty, href, title: gapReason(evidence, cell) }
  const { text, half } = shownValue(metric, found.value, found.interval)
  return {
    column,
    raw: String(inShownUnit(metric, found.value)),
    text,
    half,
    href,
    title: words(found.valid ? 'matrix.value' : 'matrix.value-invalid', {
      metric,
      cell: cell.name,
      launches: found.n,
      interval: intervalText(evidence, metric, found),
    }),
    strip: strip ? stripFor(evidence, cell, metric) : '',
    stripped: strip,
    valid: found.valid,
    hidden,
  }
}

function intervalText({ words }: Evidence, metric: Metric, { interval }: CellValue): string {
  if (interval === undefined) return ''
  const [low, high] = [interval.low, interval.high].map((end) => significant(inShownUnit(metric, end), 4)) as [
    string,
    string,
  ]
  return words('matrix.interval', { low, high })
}

function stripFor(evidence: Evidence, cell: ShownCell, metric: Metric): string {
  return stripOf(rawPoints(evidence, cell, metric), stripMax(evidence, cell, metric), cell.arm.mark)
}

/** The farthest point of the cell's group: strips are compared within it. */
function stripMax(evidence: Evidence, { arm, kind }: ShownCell, metric: Metric): number {
  const same = evidence.comparison.cells.filter((cell) => cell.kind === kind && cell.arm.group === arm.group)
  return Math.max(0, ...same.flatMap((cell) => rawPoints(evidence, cell, metric).map((point) => point.value)))
}
