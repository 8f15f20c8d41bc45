import { type Objectives, kneeGoodput } from '../domain/plan.ts'
import { metrics, type Metric } from '../domain/metric.ts'
import type { ChartRow } from './chart.ts'
import type { Evidence } from './evidence.ts'
import { captionOf, numberCell, scalesOf, textCell, type Figure, type TwinCell } from './figure.ts'
import { kneeOf, type Knee } from './load-knee.ts'
import { levelText } from './load-level.ts'
import { loadSweepsOf, type LoadLine, type LoadPoint, type LoadSweep } from './load-sweep.ts'
import { hollowNote, kneeNotes, lineNote, onText } from './load-words.ts'
import { missing, percent, shownRate, shownValue } from './numbers.ts'
import type { Words } from './words.ts'
import { labelOf } from './metric-words.ts'

/** `TTFT ≤ 500 ms, TPOT ≤ 50 ms`. */
export function objectivesText(words: Words, objectives: Objectives): string {
  return Object.entries(objectives)
    .map(([metric, most]) => {
      const { unit } = metrics[metric as Metric]
      return `${labelOf({ words }, metric as Metric)} ≤ ${most} ${unit}`
    })
    .join(', ')
}

/** The share of requests that met every objective, by load. */
export function goodputFigures(evidence: Evidence): Figure[] {
  return loadSweepsOf(evidence).flatMap((sweep, index) => figureOf(evidence, sweep, index))
}

type Point = LoadPoint & { knee: Knee | undefined }
function figureOf(evidence: Evidence, sweep: LoadSweep, index: number): Figure[] {
  const { words } = evidence
  const points = sweep.lines.flatMap((line) => pointsOf(evidence, line))
  if (points.length < 2) return []
  const rows = points.flatMap((point) => rowsOf(evidence, sweep, point))
  const levels = [...new Set(points.map(({ level }) => level))].toSorted((a, b) => a - b)
  const arms = sweep.lines.map(({ arm }) => arm)
  const xTitle = words(`load.${sweep.unit}-name`)
  return [
    {
      id: `goodput-${index + 1}`,
      metric: 'goodput_share',
      group: sweep.group,
      title: titleOf(evidence, sweep, points),
      ...captionWith(evidence, { sweep, points, rows }),
      wide: false,
      chart: 'goodput',
      values: { rows, ...scalesOf(evidence, arms), ...rateAxis(levels), ...limitOf(words), xTitle },
      twin: twinOf(evidence, sweep, points),
    },
  ]
}

/** The points of a line that were judged by objectives; the one at its knee knows that. */
function pointsOf(evidence: Evidence, line: LoadLine): Point[] {
  const found = kneeOf(evidence, line)
  return line.points
    .filter(({ cell }) => evidence.valueOf(cell, 'goodput_share') !== undefined)
    .map((point) => ({ ...point, knee: found?.rule === 'goodput' && found.point === point ? found : undefined }))
}

type Captioned = { sweep: LoadSweep; points: readonly Point[]; rows: readonly ChartRow[] }
function captionWith({ words, data }: Evidence, { sweep, points, rows }: Captioned) {
  const { short, rule } = kneeNotes(
    words,
    points.map(({ knee }) => knee),
  )
  const hollow = hollowNote(
    words,
    rows.some((row) => row['invalid'] === true),
  )
  return captionOf(
    [words('load.goodput', { objectives: objectivesText(words, data.plan.objectives ?? {}) }), ...short, ...hollow],
    [...lineNote(words, sweep), words('load.goodput-marks'), ...rule],
  )
}

/** Along which rates stand. */
function rateAxis(levels: readonly number[]): { xScale: string; xValues: number[] } {
  const [first = 1, last = 1] = [levels[0], levels.at(-1)]
  return { xScale: first > 0 && last / first >= 8 ? 'log' : 'linear', xValues: [...levels] }
}

/** The line that decides, and what stands at it. */
export function limitOf(words: Words): { limit: { limit: number; text: string }[] } {
  return { limit: [{ limit: kneeGoodput, text: words('load.limit', { share: percent(kneeGoodput) }) }] }
}

function rowsOf(evidence: Evidence, { unit }: LoadSweep, { cell, level, knee }: Point): ChartRow[] {
  const found = evidence.valueOf(cell, 'goodput_share')
  if (found === undefined) return []
  const base = { arm: cell.arm.index, label: cell.arm.value, at: level, series: cell.arm.value }
  const place = levelText(evidence.words, { unit, value: level })
  return [
    ...found.points.map(({ trial, value, valid }, at): ChartRow => {
      const launch = evidence.words('point.launch', { launch: trial.launchId, block: trial.block + 1 })
      return {
        ...base,
        kind: 'raw',
        value,
        invalid: !valid,
        jitter: at % 2 === 0 ? 7 : -7,
        tip: `${place}\n${percent(value)}\n${launch}`,
      }
    }),
    {
      ...base,
      kind: 'estimate',
      value: found.value,
      invalid: !found.valid,
      knee: knee !== undefined,
      text: knee !== undefined ? evidence.words('load.knee-mark', { level: shownRate(level) }) : '',
      tip: `${cell.name}\n${place}\n${percent(found.value)}`,
    },
  ]
}

function titleOf(evidence: Evidence, sweep: LoadSweep, points: readonly Point[]): string {
  const { words } = evidence
  const knee = points.find((point) => point.knee !== undefined)
  const on = onText(evidence, sweep)
  const share = percent(kneeGoodput)
  if (knee === undefined) return words('load.goodput-never', { on, share })
  const values = {
    on,
    share,
    name: knee.cell.arm.name,
    level: levelText(words, { unit: sweep.unit, value: knee.level }),
  }
  return words(knee.knee?.last === true ? 'load.goodput-always' : 'load.goodput-title', values)
}

function twinOf(evidence: Evidence, { unit }: LoadSweep, points: readonly Point[]): Figure['twin'] {
  const { words } = evidence
  const value = (point: Point, metric: Metric) => {
    const found = evidence.valueOf(point.cell, metric)
    return found === undefined ? missing : shownValue(metric, found.value, found.interval).text
  }
  const shown = ['goodput_share', 'goodput', 'request_rate'] as const
  return {
    head: [
      textCell(words('twin.cell')),
      numberCell(words(`load.${unit}-name`)),
      ...shown.map((metric) =>
        numberCell([labelOf(evidence, metric), metrics[metric].unit].filter((part) => part !== '').join(', ')),
      ),
      textCell(words('load.knee')),
    ],
    rows: points.map((point): TwinCell[] => [
      textCell(point.cell.name),
      numberCell(shownRate(point.level)),
      ...shown.map((metric, at) => numberCell(value(point, metric), at === 0 ? `#cell-${point.cell.index + 1}` : '')),
      textCell(point.knee !== undefined ? words('load.knee') : ''),
    ]),
  }
}
