import { axisNotes, axisOf, rowsWithin } from './axis.ts'
import { cellRows, cellTwin } from './cell-rows.ts'
import type { ChartRow } from './chart.ts'
import type { CellValue, Evidence } from './evidence.ts'
import { captionOf, numberCell, scalesOf, type Figure } from './figure.ts'
import { launchesNote } from './launches-note.ts'
import { levelText } from './load-level.ts'
import { loadSweepsOf, type LoadPoint, type LoadSweep } from './load-sweep.ts'
import { hollowNote, lineNote, onText } from './load-words.ts'
import { labelOf, namedWithUnit } from './metric-words.ts'
import { shownRate, shownUnit, significant } from './numbers.ts'

const metric = 'output_tps'
type Placed = LoadPoint & { value: CellValue }

/** Output tokens per second of all requests together by load: where it stops growing the server is full. */
export function loadThroughputFigures(evidence: Evidence): Figure[] {
  return loadSweepsOf(evidence).flatMap((sweep, index) => {
    const placed = sweep.lines.flatMap(({ points }) =>
      points.flatMap((point): Placed[] => {
        const value = evidence.valueOf(point.cell, metric)
        return value === undefined ? [] : [{ ...point, value }]
      }),
    )
    const levels = [...new Set(placed.map(({ level }) => level))].toSorted((a, b) => a - b)
    return levels.length < 2 ? [] : [figureOf(evidence, { sweep, placed, levels, index })]
  })
}

type Shown = { sweep: LoadSweep; placed: readonly Placed[]; levels: readonly number[]; index: number }
function figureOf(evidence: Evidence, shown: Shown): Figure {
  const { sweep, placed, levels, index } = shown
  const { words } = evidence
  const rows = placed.flatMap((each) => rowsOf(evidence, sweep, each))
  const axis = axisOf(
    rows.flatMap(({ value }) => (typeof value === 'number' ? [value] : [])),
    Math.max(0, ...rows.map((row) => Number(row['high'] ?? 0))),
  )
  const [first = 1, last = 1] = [levels[0], levels.at(-1)]
  return {
    id: `load-throughput-${index + 1}`,
    metric,
    group: sweep.group,
    title: titleOf(evidence, shown),
    ...captionWith(evidence, shown, axisNotes(words, axis, rows)),
    wide: false,
    chart: 'by-number',
    values: {
      rows: rowsWithin(rows, axis),
      ...scalesOf(
        evidence,
        sweep.lines.map(({ arm }) => arm),
      ),
      ...axis,
      xScale: first > 0 && last / first >= 8 ? 'log' : 'linear',
      xValues: [...levels],
      unitTitle: namedWithUnit(evidence, metric),
      xTitle: words(`load.${sweep.unit}-name`),
    },
    twin: twinOf(evidence, shown),
  }
}

/** The table of any metric by cell, with the load behind the name. */
function twinOf(evidence: Evidence, { sweep, placed }: Shown): Figure['twin'] {
  const cells = placed.map(({ cell }) => cell)
  const { head, rows } = cellTwin(evidence, cells, metric)
  const level = numberCell(evidence.words(`load.${sweep.unit}-name`))
  return {
    head: head.toSpliced(1, 0, level),
    rows: rows.map((row, at) => row.toSpliced(1, 0, numberCell(shownRate(placed[at]?.level ?? 0)))),
  }
}

function rowsOf(evidence: Evidence, sweep: LoadSweep, { cell, level }: Placed): ChartRow[] {
  const panel = onPanel(evidence, sweep)
  return cellRows(evidence, [cell], metric).map((row, place) => ({
    ...row,
    at: level,
    panel,
    series: cell.arm.index,
    jitter: place % 2 === 0 ? 7 : -7,
  }))
}

function onPanel({ words }: Evidence, { group, setting }: LoadSweep): string {
  return setting || group || words('load.output-axis')
}

/** From the least load to the most of the arm that writes most there; invalid ones only where there are no others. */
function titleOf(evidence: Evidence, { sweep, placed }: Shown): string {
  const { words } = evidence
  const sound = placed.some(({ value }) => value.valid) ? placed.filter(({ value }) => value.valid) : placed
  const last = sound.toSorted((a, b) => b.level - a.level || b.value.value - a.value.value)[0] as Placed
  const first = sound.find(({ cell }) => cell.arm === last.cell.arm) as Placed
  return words('load.throughput-title', {
    name: last.cell.arm.name,
    on: onText(evidence, sweep),
    few: significant(first.value.value),
    least: levelText(words, { unit: sweep.unit, value: first.level }),
    many: significant(last.value.value),
    most: levelText(words, { unit: sweep.unit, value: last.level }),
  })
}

function captionWith({ words }: Evidence, { sweep, placed }: Shown, notes: readonly string[]) {
  const label = words('load.throughput', {
    label: labelOf({ words }, metric),
    unit: shownUnit(metric),
    axis: words(`load.${sweep.unit}-name`),
  })
  return captionOf(
    [
      label,
      ...hollowNote(
        words,
        placed.some(({ value }) => value.points.some(({ valid }) => !valid)),
      ),
    ],
    [
      ...lineNote(words, sweep),
      launchesNote(
        words,
        placed.map(({ value }) => value.points.length),
      ),
      words('load.throughput-reading'),
      ...notes,
    ],
  )
}
