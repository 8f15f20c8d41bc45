import { metrics, type Metric } from '../domain/metric.ts'
import { axisName } from './axis-name.ts'
import type { ChartRow } from './chart.ts'
import { axisText, settingsText, type ShownCell } from './comparison.ts'
import { measuredSpeeds } from './contrast.ts'
import { countRange } from './count-range.ts'
import type { CellValue, Evidence } from './evidence.ts'
import { captionOf, numberCell, scalesOf, textCell, type Figure } from './figure.ts'
import { gapReason } from './gap-reason.ts'
import { classOf, evenClasses } from './heat.ts'
import { isUnderLoad } from './load-sweep.ts'
import { labelOf } from './metric-words.ts'
import { missing, shownUnit, shownValue, significant } from './numbers.ts'

// Fewer values of an axis are seen better side by side, and a table that is mostly empty is no map.
const leastValues = 3
const leastFilled = 2 / 3
const mostPanels = 4
const leastOverview = 25

type Axis = { name: string; values: readonly string[]; numeric: boolean }
type Place = { cell: ShownCell; column: string; line: string; panel: string; value: CellValue | undefined }
type Known = Place & { value: CellValue }
type Shown = { metric: Metric; columns: Axis; lines: Axis; places: readonly Place[]; left: number }

/** A metric over two axes of many values: the speed, or under load the output of all requests. */
export function heatMapFigures(evidence: Evidence): Figure[] {
  const shown = shownOf(evidence)
  return shown === undefined ? [] : [figureOf(evidence, shown)]
}

function shownOf(evidence: Evidence): Shown | undefined {
  const { metric, cells } = measured(evidence)
  const axes = evidence.comparison.axes
    .map((name) => axisOf(name, cells))
    .filter(({ values }) => values.length >= leastValues)
  const pairs = axes.flatMap((one, at) => axes.slice(at + 1).map((other) => [one, other] as const))
  const filled = ([one, other]: (typeof pairs)[number]) =>
    new Set(cells.map(({ cell }) => JSON.stringify([cell.axes[one.name], cell.axes[other.name]]))).size
  const full = pairs.filter((pair) => filled(pair) >= leastFilled * pair[0].values.length * pair[1].values.length)
  const [found] = full.toSorted((a, b) => filled(b) - filled(a))
  if (found === undefined) return undefined
  const [columns, lines] = inPlace(found)
  const places = cells.map((cell): Place => ({
    cell,
    column: axisText(cell.cell.axes[columns.name]),
    line: axisText(cell.cell.axes[lines.name]),
    panel: panelOf(evidence, cell, [columns.name, lines.name]),
    value: evidence.valueOf(cell, metric),
  }))
  const panels = [...new Set(places.map(({ panel }) => panel))].slice(0, mostPanels)
  const inPanels = places.filter(({ panel }) => panels.includes(panel))
  if (inPanels.filter(({ value }) => value !== undefined).length < leastValues) return undefined
  return { metric, columns, lines, places: inPanels, left: places.length - inPanels.length }
}

function measured(evidence: Evidence): { metric: Metric; cells: readonly ShownCell[] } {
  const loaded = evidence.comparison.cells.filter(isUnderLoad)
  if (loaded.length > 0) return { metric: 'output_tps', cells: loaded }
  return measuredSpeeds(evidence)[0] ?? { metric: 'decode_tps', cells: [] }
}

function axisOf(name: string, cells: readonly ShownCell[]): Axis {
  const found = cells.map(({ cell }) => cell.axes[name]).filter((value) => value !== undefined)
  const numeric = found.every((value) => typeof value === 'number')
  const ordered = numeric ? found.map(Number).toSorted((a, b) => a - b) : found
  return { name, values: [...new Set(ordered.map((value) => axisText(value)))], numeric }
}

/** Numbers run from left to right; of two axes of names the shorter names stand over the columns. */
function inPlace([one, other]: readonly [Axis, Axis]): readonly [columns: Axis, lines: Axis] {
  const length = ({ values }: Axis) => Math.max(...values.map((value) => value.length))
  if (one.numeric !== other.numeric) return one.numeric ? [one, other] : [other, one]
  return length(one) <= length(other) ? [one, other] : [other, one]
}

function panelOf({ comparison, words }: Evidence, { cell, workload }: ShownCell, drawn: readonly string[]): string {
  const others = Object.entries(cell.axes).filter(
    ([axis]) => comparison.axes.includes(axis) && !drawn.includes(axis) && axis !== 'workload',
  )
  return [settingsText(Object.fromEntries(others), words), workload].filter((part) => part !== '').join(' · ')
}

function figureOf(evidence: Evidence, shown: Shown): Figure {
  const { metric, columns, lines, places } = shown
  const known = places.filter((place): place is Known => place.value !== undefined)
  const rows = rowsOf(evidence, shown, known)
  const longest = Math.max(...columns.values.map((value) => value.length))
  return {
    id: 'heat-map',
    metric,
    group: '',
    title: titleOf(evidence, shown, known),
    ...captionWith(evidence, shown, known),
    wide: true,
    chart: 'heat-map',
    values: {
      rows,
      ...scalesOf(
        evidence,
        places.map(({ cell }) => cell.arm),
      ),
      xTitle: axisName(evidence.words, columns.name),
      xAngle: longest * columns.values.length > 36 ? -30 : 0,
    },
    twin: twinOf(evidence, metric, places),
    // What lines by a number show already is folded, as long as it is small.
    ...((columns.numeric || lines.numeric) && places.length < leastOverview && { folded: true as const }),
  }
}

function rowsOf(evidence: Evidence, { metric, columns, lines, places }: Shown, known: readonly Known[]): ChartRow[] {
  const classes = evenClasses(known.map(({ value }) => value.value))
  const best = bestOf(metric, known)
  const panels = [...new Set(places.map(({ panel }) => panel))]
  const unit = shownUnit(metric)
  const lineName = axisName(evidence.words, lines.name)
  return places.map(({ cell, column, line, panel, value }): ChartRow => {
    const base = {
      arm: cell.arm.index,
      column,
      columnOrder: columns.values.indexOf(column),
      line,
      lineOrder: lines.values.indexOf(line),
      panel: panel === '' ? lineName : panel,
      panelOrder: panels.indexOf(panel),
    }
    if (value === undefined)
      return { ...base, kind: 'missing', text: missing, tip: `${cell.name}\n${gapReason(evidence, cell)}` }
    const { colour, ink } = classOf(classes, value.value)
    const { text, half } = shownValue(metric, value.value, value.interval)
    return {
      ...base,
      kind: 'value',
      text: significant(value.value),
      shade: colour,
      ink,
      invalid: !value.valid,
      best: cell === best?.cell,
      tip: `${cell.name}\n${labelOf(evidence, metric)} ${text} ${half} ${unit} (n = ${value.n})`.replaceAll(/ +/g, ' '),
    }
  })
}

/** Of valid values, where there are any. */
function bestOf(metric: Metric, known: readonly Known[], sign = metrics[metric].better === 'lower' ? -1 : 1) {
  const sound = known.some(({ value }) => value.valid) ? known.filter(({ value }) => value.valid) : known
  return sound.toSorted((a, b) => sign * (b.value.value - a.value.value))[0]
}

function titleOf({ words }: Evidence, { metric }: Shown, known: readonly Known[]): string {
  const [most, least] = [bestOf(metric, known, 1), bestOf(metric, known, -1)]
  const label = labelOf({ words }, metric)
  if (most === undefined || least === undefined) return label
  const text = ({ value }: Known) => shownValue(metric, value.value, value.interval).text
  return words('heat-map.title', {
    label,
    unit: shownUnit(metric),
    least: text(least),
    leastName: least.cell.arm.name,
    most: text(most),
    mostName: most.cell.arm.name,
  })
}

function captionWith({ words }: Evidence, { metric, columns, lines, left }: Shown, known: readonly Known[]) {
  const n = countRange(
    words,
    known.map(({ value }) => value.n),
  )
  const axes = { columns: axisName(words, columns.name), lines: axisName(words, lines.name) }
  return captionOf(
    [
      words('heat-map.what', { label: labelOf({ words }, metric), unit: shownUnit(metric), ...axes, n }),
      words(`heat-map.best-${metrics[metric].better === 'lower' ? 'lowest' : 'highest'}`),
      ...(known.some(({ value }) => !value.valid) ? [words('chart.hollow')] : []),
      ...(left > 0 ? [words('chart.left-out', { n: left })] : []),
    ],
    [words('heat-map.reading'), words('heat-map.intervals')],
  )
}

function twinOf(evidence: Evidence, metric: Metric, places: readonly Place[]): Figure['twin'] {
  const { words } = evidence
  const heads = [`${labelOf(evidence, metric)}, ${shownUnit(metric)}`, words('twin.low'), words('twin.high')]
  return {
    head: [textCell(words('twin.cell')), ...heads.map((text) => numberCell(text)), numberCell(words('twin.launches'))],
    rows: places.map(({ cell, value }) => {
      const text = (one: number | undefined) =>
        one === undefined ? missing : shownValue(metric, one, value?.interval).text
      return [
        textCell(cell.name),
        value === undefined
          ? numberCell(gapReason(evidence, cell))
          : numberCell(text(value.value), `#cell-${cell.index + 1}`),
        numberCell(text(value?.interval?.low)),
        numberCell(text(value?.interval?.high)),
        numberCell(String(value?.n ?? 0)),
      ]
    }),
  }
}
