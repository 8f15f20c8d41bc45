import type { Metric } from '../domain/metric.ts'
import { axisNotes, axisOf, logNotes, rowsWithin, ticksOf, type ValueAxis } from './axis.ts'
import { panelOf } from './cell-rows.ts'
import type { ChartRow } from './chart.ts'
import type { ShownCell } from './comparison.ts'
import { measuredSpeeds } from './contrast.ts'
import type { Evidence } from './evidence.ts'
import { captionOf, numberCell, scalesOf, textCell, type Figure, type TwinCell } from './figure.ts'
import { pointsOf, type Point, type Setup } from './history-points.ts'
import { launchesNote } from './launches-note.ts'
import { labelOf, namedWithUnit } from './metric-words.ts'
import { isUnderLoad } from './load-sweep.ts'
import { inShownUnit, missing, shownTime, shownUnit, shownValue } from './numbers.ts'
import { setupMachine } from './setup.ts'
import { shownPanels } from './shown-panels.ts'

const mostPanels = 6

type Shown = { metric: Metric; points: readonly Point[]; own: string; left: number; unshown: number; index: number }

/** The speed of cells over the sessions that measured them, up to this one; nothing where there was none before. */
export function historyFigures(evidence: Evidence): Figure[] {
  const { metric, cells } = toldBy(evidence)
  const before = new Set((evidence.data.history ?? []).map(({ cellId }) => cellId))
  const groups = Map.groupBy(
    cells.filter(({ cell }) => before.has(cell.id)),
    ({ arm }) => arm.group,
  )
  return [...groups.values()].flatMap((ofGroup, index) => {
    const panels = shownPanels(evidence, ofGroup, mostPanels)
    const shown = ofGroup.filter((cell) => panels.includes(panelOf(evidence, cell)))
    const { points, sessions, unshown } = pointsOf(evidence, metric, shown)
    const left = ofGroup.length - shown.length
    const all = { metric, points, own: evidence.data.plan.id, left, unshown, index }
    return sessions < 2 ? [] : [figureOf(evidence, all)]
  })
}

function toldBy(evidence: Evidence): { metric: Metric; cells: readonly ShownCell[] } {
  const loaded = evidence.comparison.cells.filter(isUnderLoad)
  if (loaded.length > 0) return { metric: 'output_tps', cells: loaded }
  return measuredSpeeds(evidence)[0] ?? { metric: 'decode_tps', cells: [] }
}

function figureOf(evidence: Evidence, shown: Shown): Figure {
  const { words } = evidence
  const { metric, points, index } = shown
  const rows = points.flatMap((point) => rowsOf(evidence, metric, point))
  const axis = axisOf(
    rows.flatMap(({ value }) => (typeof value === 'number' ? [value] : [])),
    Math.max(0, ...rows.map((row) => Number(row['high'] ?? 0))),
  )
  return {
    id: `history-${index + 1}`,
    metric,
    group: points[0]?.cell.arm.group ?? '',
    title: titleOf(evidence, shown),
    ...captionWith(evidence, shown, { axis, rows }),
    wide: true,
    folded: true,
    chart: 'history',
    values: {
      rows: rowsWithin(rows, axis),
      ...scalesOf(
        evidence,
        points.map(({ cell }) => cell.arm),
      ),
      ...axis,
      yValues: ticksOf(axis),
      unitTitle: namedWithUnit(evidence, metric),
      xTitle: words('history.axis'),
    },
    twin: twinOf(evidence, shown),
  }
}

type Drawn = { axis: ValueAxis; rows: readonly ChartRow[] }
function captionWith({ words }: Evidence, { metric, points, left, unshown }: Shown, { axis, rows }: Drawn) {
  const isChanged = points.some(({ setup }) => setup.letter !== '')
  const logs = logNotes(words, axis.scale === 'log')
  return captionOf(
    [
      words('history.what', { label: labelOf({ words }, metric), unit: shownUnit(metric) }),
      ...(isChanged ? [words('history.letters')] : []),
      ...(points.some(({ value }) => value.points.some(({ valid }) => !valid)) ? [words('chart.hollow')] : []),
      ...logs.short,
      ...(unshown > 0 ? [words('history.left-out', { n: unshown })] : []),
      ...(left > 0 ? [words('chart.left-out', { n: left })] : []),
    ],
    [
      launchesNote(
        words,
        points.map(({ value }) => value.points.length),
      ),
      words(isChanged ? 'history.lines-setups' : 'history.lines'),
      words('history.no-verdict'),
      ...axisNotes(words, axis, rows),
    ],
  )
}

/** Date, time and plan: no two sessions share all of these. */
function sessionText({ planId, startedAtMs }: Pick<Point, 'planId' | 'startedAtMs'>): string {
  const [date = '', time = ''] = shownTime(startedAtMs).split(' ')
  return `${date} ${time.slice(0, 5)} ${planId.slice(0, 6)}`
}

function rowsOf(evidence: Evidence, metric: Metric, point: Point): ChartRow[] {
  const { cell, value, setup, startedAtMs } = point
  const base = {
    arm: cell.arm.index,
    label: cell.arm.value,
    panel: panelOf(evidence, cell),
    order: cell.index,
    session: sessionText(point),
    startedAtMs,
    series: `${cell.index} ${setup.letter}`,
  }
  const { text, half } = shownValue(metric, value.value, value.interval)
  const name = `${cell.name}\n${base.session}`
  const raw = value.points.map((each, at): ChartRow => ({
    ...base,
    kind: 'raw',
    value: inShownUnit(metric, each.value),
    invalid: !each.valid,
    jitter: at % 2 === 0 ? 7 : -7,
    tip: `${name}\n${shownValue(metric, each.value).text} ${shownUnit(metric)}`,
  }))
  const { low, high } = value.interval ?? {}
  const interval =
    low === undefined || high === undefined
      ? []
      : [{ ...base, kind: 'interval', low: inShownUnit(metric, low), high: inShownUnit(metric, high) }]
  const estimate = {
    ...base,
    kind: 'estimate',
    value: inShownUnit(metric, value.value),
    invalid: !value.valid,
    text: setup.letter,
    tip: `${name}\n${labelOf(evidence, metric)} ${text} ${half} ${shownUnit(metric)}\n${setupText(evidence, setup)}`,
  }
  return [...interval, ...(raw.length > 1 ? raw : []), estimate]
}

function setupText({ words }: Evidence, { manifest }: Setup): string {
  const { machine, engine } = setupMachine(words, manifest)
  return [machine, engine].filter((part) => part !== '').join(', ')
}

/** The cell that changed most from its first session to this one, without a verdict on why. */
function titleOf({ words }: Evidence, { metric, points }: Shown): string {
  const courses = [...Map.groupBy(points, ({ cell }) => cell).values()].flatMap((course) => {
    const sound = course.filter(({ value }) => value.valid)
    const [first, last] = [sound[0], sound.at(-1)]
    return first === undefined || last === undefined || first === last ? [] : [{ first, last }]
  })
  const change = ({ first, last }: (typeof courses)[number]) => Math.abs(Math.log(last.value.value / first.value.value))
  const [most] = courses.toSorted((a, b) => change(b) - change(a))
  const n = new Set(points.map(({ planId }) => planId)).size
  const parts = { label: labelOf({ words }, metric), n }
  if (most === undefined) return words('history.title-none', parts)
  const text = ({ value }: Point) => shownValue(metric, value.value, value.interval).text
  return words('history.title', {
    ...parts,
    name: most.last.cell.name,
    first: text(most.first),
    last: text(most.last),
    unit: shownUnit(metric),
  })
}

function twinOf({ words }: Evidence, { metric, points, own }: Shown): Figure['twin'] {
  const heads = [`${labelOf({ words }, metric)}, ${shownUnit(metric)}`, words('twin.low'), words('twin.high')]
  return {
    head: [
      textCell(words('twin.cell')),
      textCell(words('history.session')),
      ...heads.map((text) => numberCell(text)),
      numberCell(words('twin.launches')),
      ...['history.setup', 'history.machine', 'engines.engine'].map((key) => textCell(words(key))),
    ],
    rows: points.map(({ cell, value, setup, ...session }): TwinCell[] => {
      const text = (one: number | undefined) =>
        numberCell(one === undefined ? missing : shownValue(metric, one, value.interval).text)
      const { machine, engine } = setupMachine(words, setup.manifest)
      const href = session.planId === own ? `#cell-${cell.index + 1}` : ''
      return [
        textCell(cell.name),
        textCell(sessionText(session)),
        { ...text(value.value), href },
        text(value.interval?.low),
        text(value.interval?.high),
        numberCell(String(value.n)),
        ...[setup.letter, machine, engine].map((part) => textCell(part)),
      ]
    }),
  }
}
