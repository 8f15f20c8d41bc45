import { metrics, type Metric } from '../domain/metric.ts'
import { axisNotes, axisOf, rowsWithin } from './axis.ts'
import { axisName } from './axis-name.ts'
import { cellRows } from './cell-rows.ts'
import type { ChartRow } from './chart.ts'
import { settingsText, type ShownCell } from './comparison.ts'
import type { CellValue, Evidence } from './evidence.ts'
import { numberCell, scalesOf, textCell, type Figure, type TwinCell } from './figure.ts'
import { launchesNote } from './launches-note.ts'
import { isUnderLoad } from './load-sweep.ts'
import { missing, shownUnit, shownValue, significant } from './numbers.ts'
import { labelOf, namedWithUnit } from './metric-words.ts'

const byClients = ['output_tps', 'ttft_ms', 'tpot_ms'] as const satisfies readonly Metric[]
const byOthers = ['decode_tps', 'ttft_ms', 'tg_tps', 'pp_tps'] as const satisfies readonly Metric[]
// Two values of threads are compared in the panels of the speed chart; two numbers of clients are a load and its double.
const leastValues = 3
const leastLoads = 2

type NumericAxis = { axis: string; values: readonly number[]; load: boolean }
type Placed = { cell: ShownCell; at: number; value: CellValue }

/** Metrics against the number of clients, or any other axis of numbers: how a machine bends under load. */
export function byNumberFigures(evidence: Evidence): Figure[] {
  return numericAxes(evidence).flatMap((axis) =>
    (axis.load ? byClients : byOthers).flatMap((metric) => {
      const groups = Map.groupBy(placedOn(evidence, axis, metric), ({ cell }) => cell.arm.group)
      return [...groups.values()]
        .filter((placed) => linesOf(evidence, axis, placed).length > 0)
        .map((placed, index) => figureOf(evidence, { metric, axis, placed, index }))
    }),
  )
}

function numericAxes({ comparison }: Evidence): NumericAxis[] {
  return comparison.axes.flatMap((axis) => {
    const found = [...new Set(comparison.cells.map(({ cell }) => cell.axes[axis]))].filter(
      (value) => value !== undefined,
    )
    const values = found.filter((value) => typeof value === 'number').toSorted((a, b) => a - b)
    const load = axis.startsWith('load.')
    return values.length === found.length && values.length >= (load ? leastLoads : leastValues)
      ? [{ axis, values, load }]
      : []
  })
}

function placedOn(evidence: Evidence, { axis, load }: NumericAxis, metric: Metric): Placed[] {
  // Loads of servers have figures of their own.
  const cells = evidence.comparison.cells.filter((cell) => !load || !isUnderLoad(cell))
  return cells.flatMap((cell) => {
    const value = evidence.valueOf(cell, metric)
    const at = cell.cell.axes[axis]
    return value === undefined || typeof at !== 'number' ? [] : [{ cell, at, value }]
  })
}

type Shown = { metric: Metric; axis: NumericAxis; placed: readonly Placed[]; index: number }
function figureOf(evidence: Evidence, shown: Shown): Figure {
  const { metric, axis, placed, index } = shown
  const compared = axis.axis === evidence.comparison.axis
  const rows = placed.flatMap((each) => rowsOf(evidence, shown, each))
  const values = rows.flatMap(({ value }) => (typeof value === 'number' ? [value] : []))
  const scale = axisOf(values, Math.max(0, ...rows.map((row) => Number(row['high'] ?? 0))))
  const at = [...new Set(placed.map((each) => each.at))].toSorted((a, b) => a - b)
  const [first = 1, last = 1] = [at[0], at.at(-1)]
  return {
    id: `by-${axis.axis.replaceAll(/\W+/g, '-')}-${metric}-${index + 1}`,
    metric,
    group: placed[0]?.cell.arm.group ?? '',
    title: titleOf(evidence, shown),
    subtitle: [...subtitleOf(evidence, shown), ...axisNotes(evidence.words, scale, rows)].join('; '),
    wide: false,
    chart: 'by-number',
    values: {
      rows: rowsWithin(rows, scale).map((row) => (compared ? { ...row, neutral: true } : row)),
      ...scalesOf(
        evidence,
        placed.map(({ cell }) => cell.arm),
      ),
      ...scale,
      xScale: first > 0 && last / first >= 8 ? 'log' : 'linear',
      xValues: at,
      unitTitle: namedWithUnit(evidence, metric),
      xTitle: axisName(evidence.words, axis.axis),
    },
    twin: twinOf(evidence, shown),
  }
}

/** Cells that differ in nothing but the axis are one line. */
function settingOf({ words, comparison }: Evidence, { axis }: NumericAxis, { cell }: ShownCell): string {
  const others = Object.entries(cell.axes).filter(
    ([name]) => name !== axis && name !== comparison.axis && name !== 'model' && comparison.axes.includes(name),
  )
  return settingsText(Object.fromEntries(others), words)
}

/** Cells that differ in nothing but the axis, where there are several: in the order of the axis. */
function linesOf(evidence: Evidence, axis: NumericAxis, placed: readonly Placed[]): Placed[][] {
  const compared = axis.axis === evidence.comparison.axis
  const lines = Map.groupBy(placed, ({ cell }) =>
    JSON.stringify([settingOf(evidence, axis, cell), compared ? '' : cell.arm.value]),
  )
  return [...lines.values()]
    .map((line) => line.toSorted((a, b) => a.at - b.at))
    .filter((line) => line[0]?.at !== line.at(-1)?.at)
}

function rowsOf(evidence: Evidence, { metric, axis }: Shown, { cell, at }: Placed): ChartRow[] {
  const setting = settingOf(evidence, axis, cell)
  const panel = setting === '' ? cell.arm.group || evidence.words('chart.all') : setting
  const series = axis.axis === evidence.comparison.axis ? panel : `${cell.arm.value} ${panel}`
  return cellRows(evidence, [cell], metric)
    .filter((row) => row['kind'] !== 'missing')
    .map((row, place) => ({ ...row, at, panel, series, jitter: place % 2 === 0 ? 7 : -7 }))
}

function titleOf(evidence: Evidence, { metric, axis, placed }: Shown): string {
  const { words } = evidence
  const sign = metrics[metric].better === 'lower' ? 1 : -1
  const ranked = linesOf(evidence, axis, placed).toSorted((a, b) => {
    const [x, y] = [a.at(-1) as Placed, b.at(-1) as Placed]
    return y.at - x.at || sign * (x.value.value - y.value.value)
  })
  const line = ranked.find((each) => each.at(-1)?.value.valid) ?? ranked[0]
  const [first, last] = [line?.[0], line?.at(-1)]
  if (first === undefined || last === undefined || first.value.value <= 0) return labelOf(evidence, metric)
  const { group, value } = last.cell.arm
  const named = axis.axis === evidence.comparison.axis ? group : value
  return words('chart.grows', {
    best: named,
    on: group === '' || named === group ? '' : words('chart.on', { group }),
    label: labelOf(evidence, metric),
    axis: axisName(evidence.words, axis.axis),
    first: first.at,
    last: last.at,
    ratio: significant(last.value.value / first.value.value),
  })
}

function subtitleOf(evidence: Evidence, { metric, axis, placed }: Shown): string[] {
  const { words } = evidence
  const counts = placed.map(({ value }) => value.points.length)
  return [
    words('chart.by-number', {
      label: labelOf(evidence, metric),
      unit: shownUnit(metric),
      axis: axisName(evidence.words, axis.axis),
    }),
    launchesNote(words, counts),
    ...(placed.some(({ value }) => value.points.some(({ valid }) => !valid)) ? [words('chart.hollow')] : []),
  ]
}

function twinOf(evidence: Evidence, { metric, placed, axis }: Shown): Figure['twin'] {
  const { words } = evidence
  const unit = `${labelOf(evidence, metric)}, ${shownUnit(metric)}`
  const ends = [numberCell(words('twin.low')), numberCell(words('twin.high')), numberCell(words('twin.launches'))]
  return {
    head: [textCell(words('twin.cell')), numberCell(axisName(evidence.words, axis.axis)), numberCell(unit), ...ends],
    rows: placed.map(({ cell, at, value }): TwinCell[] => {
      const text = (number: number | undefined) =>
        number === undefined ? missing : shownValue(metric, number, value.interval).text
      return [
        textCell(cell.name),
        numberCell(String(at)),
        numberCell(text(value.value), `#cell-${cell.index + 1}`),
        numberCell(text(value.interval?.low)),
        numberCell(text(value.interval?.high)),
        numberCell(String(value.n)),
      ]
    }),
  }
}
