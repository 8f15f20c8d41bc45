import { metrics } from '../domain/metric.ts'
import { axisOf, logNotes, ticksOf, type ValueAxis } from './axis.ts'
import type { ChartRow } from './chart.ts'
import { calibrationOf, trialErrors, type TrialError } from './client-error.ts'
import type { Distributed } from './distribution.ts'
import type { Evidence } from './evidence.ts'
import { captionOf, numberCell, scalesOf, textCell, type Figure, type TwinCell } from './figure.ts'
import { latencyOf, type Latency } from './latencies.ts'
import { waitOf } from './load-level.ts'
import { loadSweepsOf, type LoadPoint, type LoadSweep } from './load-sweep.ts'
import { hollowNote, lineNote, onText, shownFew, tailNote } from './load-words.ts'
import { missing, shownRate, significant } from './numbers.ts'
import { labelOf, namedWithUnit } from './metric-words.ts'

type Shown = { sweep: LoadSweep; metric: Distributed; index: number }
type Placed = LoadPoint & { latency: Latency; errors: readonly TrialError[] }
// What was less than this is drawn there: a logarithmic axis has no zero.
const leastMs = 0.001

/**
 * Latencies by load with the client's own error on the same axis: whoever reads it sees at once whether the client could have
 * made the picture.
 */
export function loadLatencyFigures(evidence: Evidence): Figure[] {
  return loadSweepsOf(evidence).flatMap((sweep, index) => {
    const first = sweep.lines[0]?.points[0]
    if (first === undefined) return []
    return [waitOf(first.cell), 'tpot_ms' as const].flatMap((metric) => figureOf(evidence, { sweep, metric, index }))
  })
}

function figureOf(evidence: Evidence, shown: Shown): Figure[] {
  const { sweep, metric, index } = shown
  const placed = placedOn(evidence, shown)
  if (placed.length < 2) return []
  const marks = [...placed.flatMap((each) => marksOf(evidence, shown, each)), ...errorMarks(evidence, shown, placed)]
  const axis = axisFor(marks)
  const levels = [...new Set(placed.map(({ level }) => level))].toSorted((a, b) => a - b)
  const [first = 1, last = 1] = [levels[0], levels.at(-1)]
  return [
    {
      id: `load-${metric}-${index + 1}`,
      metric,
      group: sweep.group,
      title: titleOf(evidence, shown, placed),
      ...captionWith(evidence, shown, placed, axis),
      wide: false,
      chart: 'load-latency',
      values: {
        rows: [...bandOf(marks, axis), ...marks].map((row) => within(row, axis)),
        ...scalesOf(
          evidence,
          sweep.lines.map(({ arm }) => arm),
        ),
        ...axis,
        yValues: ticksOf(axis),
        bandText: [{ text: marks.some(({ kind }) => kind === 'client') ? evidence.words('client.band') : '' }],
        xScale: first > 0 && last / first >= 8 ? 'log' : 'linear',
        xValues: levels,
        unitTitle: namedWithUnit(evidence, metric),
        xTitle: evidence.words(`load.${sweep.unit}-name`),
      },
      twin: twinOf(evidence, shown, placed),
    },
  ]
}

function placedOn(evidence: Evidence, { sweep, metric }: Shown): Placed[] {
  return sweep.lines.flatMap(({ points }) =>
    points.flatMap((point): Placed[] => {
      const latency = latencyOf(evidence, point.cell, metric)
      return latency === undefined ? [] : [{ ...point, latency, errors: trialErrors(evidence, point.cell) }]
    }),
  )
}

/** Logarithmic wherever the client's error is there: it should be far below what was measured. */
function axisFor(marks: readonly ChartRow[]): ValueAxis {
  const values = marks.flatMap((row) => [row['value'], row['high']]).filter((value) => typeof value === 'number')
  if (marks.every(({ kind }) => kind !== 'client' && kind !== 'calibration')) return axisOf(values)
  const positive = values.map((value) => Math.max(leastMs, value))
  return { scale: 'log', zero: false, least: Math.min(...positive) / 2, most: Math.max(...positive) * 2 }
}

function within(row: ChartRow, { least, scale }: ValueAxis): ChartRow {
  if (scale !== 'log') return row
  const ends = (['value', 'high'] as const).flatMap((name) => {
    const value = row[name]
    return typeof value === 'number' && value < leastMs ? [[name, Math.max(least, leastMs)]] : []
  })
  return { ...row, ...Object.fromEntries(ends) }
}

/** The medians of a cell and of its launches, and how far its highest percentile reaches. */
function marksOf(evidence: Evidence, { metric }: Shown, { cell, level, latency }: Placed): ChartRow[] {
  const label = labelOf(evidence, metric)
  const { unit } = metrics[metric]
  const base = { arm: cell.arm.index, label: cell.arm.value, at: level }
  const tail = latency.tail === undefined ? '' : `, ${latency.tail.name} ${shownFew(latency.tail.value)}`
  const launches = evidence.valueOf(cell, metric)?.points ?? []
  return [
    ...launches.map(({ trial, value, valid }, at): ChartRow => {
      const median = trial.metrics[metric]?.median ?? value
      const place = evidence.words('point.launch', { launch: trial.launchId, block: trial.block + 1 })
      const tip = `${cell.name}\n${label} ${evidence.words('twin.median')} ${shownFew(median)} ${unit}\n${place}`
      return { ...base, kind: 'raw', value: median, invalid: !valid, jitter: at % 2 === 0 ? 7 : -7, tip }
    }),
    {
      ...base,
      kind: 'median',
      value: latency.median,
      high: latency.tail?.value ?? latency.median,
      invalid: !latency.valid,
      tip: `${cell.name}\n${label} ${evidence.words('twin.median')} ${shownFew(latency.median)}${tail} ${unit} (n = ${latency.n})`,
    },
  ]
}

/** Of each trial how late the client was, and what it adds when nothing else is to be done. */
function errorMarks(evidence: Evidence, { metric }: Shown, placed: readonly Placed[]): ChartRow[] {
  const { words } = evidence
  const sends = metric !== 'tpot_ms'
  const ofTrials = placed.flatMap(({ cell, level, errors }) =>
    errors.flatMap(({ trial, sendLagMs, loopDelayMs }): ChartRow[] => {
      const mark = (what: 'sendLagMs' | 'loopDelayMs', value: number | undefined): ChartRow[] => {
        if (value === undefined) return []
        const tip = `${words(`client.${what}`)} ${significant(value, 2)} ms\n${cell.name}\n${words('point.launch', { launch: trial.launchId, block: trial.block + 1 })}`
        return [{ kind: 'client', what, arm: cell.arm.index, at: level, value, invalid: trial.invalid.length > 0, tip }]
      }
      return [...mark('loopDelayMs', loopDelayMs), ...(sends ? mark('sendLagMs', sendLagMs) : [])]
    }),
  )
  const calibration = calibrationOf(evidence)
  if (calibration === undefined) return ofTrials
  const { p99 } = calibration[sends ? 'ttftMs' : 'gapErrorMs']
  const text = words('client.mark', { value: significant(p99, 2) })
  return [
    ...ofTrials,
    {
      kind: 'calibration',
      value: p99,
      text,
      tip: `${words(`client.${sends ? 'ttftMs' : 'gapErrorMs'}`)}, p99: ${significant(p99, 2)} ms`,
    },
  ]
}

/** From the end of the axis to the largest error at each level. */
function bandOf(marks: readonly ChartRow[], { least }: ValueAxis): ChartRow[] {
  const errors = marks.filter(({ kind }) => kind === 'client')
  const byLevel = [...Map.groupBy(errors, ({ at }) => Number(at))].toSorted(([a], [b]) => a - b)
  return byLevel.map(([at, rows]) => ({
    kind: 'band',
    at,
    low: least,
    value: Math.max(...rows.map(({ value }) => Number(value))),
  }))
}

function titleOf(evidence: Evidence, { sweep, metric }: Shown, placed: readonly Placed[]): string {
  const { words } = evidence
  const sound = placed.filter(({ latency }) => latency.valid)
  const of = sound.length > 0 ? sound : placed
  const last = of.toSorted((a, b) => b.level - a.level || a.latency.median - b.latency.median)[0] as Placed
  const first = of.find(({ cell }) => cell.arm === last.cell.arm) as Placed
  if (first.latency.median <= 0) return labelOf(evidence, metric) + onText({ words }, sweep)
  return words('chart.grows', {
    best: last.cell.arm.name,
    on: onText({ words }, sweep),
    label: labelOf(evidence, metric),
    axis: words(`load.${sweep.unit}-short`),
    first: shownRate(first.level),
    last: shownRate(last.level),
    ratio: significant(last.latency.median / first.latency.median),
  })
}

function captionWith({ words }: Evidence, { sweep, metric }: Shown, placed: readonly Placed[], axis: ValueAxis) {
  const label = labelOf({ words }, metric)
  const { unit } = metrics[metric]
  const latencies = placed.map(({ latency }) => latency)
  const seen = placed.some(({ errors }) => errors.length > 0)
  const invalid = placed.some(
    ({ latency, errors }) => !latency.valid || errors.some(({ trial }) => trial.invalid.length > 0),
  )
  const logs = logNotes(words, axis.scale === 'log')
  return captionOf(
    [
      words('load.latency', { label, unit, axis: words(`load.${sweep.unit}-name`) }),
      ...(seen ? [words('client.grey')] : []),
      ...hollowNote(words, invalid),
      ...logs.short,
    ],
    [
      ...lineNote(words, sweep),
      words('load.latency-marks'),
      ...tailNote(words, latencies),
      ...(seen
        ? [words(metric === 'tpot_ms' ? 'client.note-loop' : 'client.note-both'), words('client.note-near')]
        : []),
      ...logs.reading,
    ],
  )
}

function twinOf({ words }: Evidence, { sweep, metric }: Shown, placed: readonly Placed[]): Figure['twin'] {
  const label = labelOf({ words }, metric)
  const { unit } = metrics[metric]
  const worst = (errors: Placed['errors'], what: 'sendLagMs' | 'loopDelayMs') => {
    const values = errors.flatMap((each) => each[what] ?? [])
    return numberCell(values.length === 0 ? missing : significant(Math.max(...values), 2))
  }
  return {
    head: [
      textCell(words('twin.cell')),
      ...[
        words(`load.${sweep.unit}-name`),
        `${label}, ${unit}: ${words('twin.median')}`,
        words('load.tail'),
        words('twin.requests'),
        words('client.send-lag-head'),
        words('client.loop-delay-head'),
      ].map((text) => numberCell(text)),
    ],
    rows: placed.map(({ cell, level, latency, errors }): TwinCell[] => [
      textCell(cell.name),
      numberCell(shownRate(level)),
      numberCell(shownFew(latency.median), `#cell-${cell.index + 1}`),
      numberCell(latency.tail === undefined ? missing : `${latency.tail.name} ${shownFew(latency.tail.value)}`),
      numberCell(String(latency.n)),
      worst(errors, 'sendLagMs'),
      worst(errors, 'loopDelayMs'),
    ]),
  }
}
