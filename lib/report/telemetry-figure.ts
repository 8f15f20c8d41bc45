import type { ChartRow } from './chart.ts'
import type { Evidence } from './evidence.ts'
import { captionOf, numberCell, scalesOf, textCell, trialCell, type Figure } from './figure.ts'
import { fixed, percent, significant } from './numbers.ts'
import { slowdownMarks, slowdownReasons } from './slowdown-marks.ts'
import { panelKey, type Row, sampledOf } from './telemetry-courses.ts'
import { gpuClock, gpuHeat, gpuMemory, type Kind, memoryKinds, otherLoad } from './telemetry-kinds.ts'

const bands = 40
// Below this much of a core nothing else was at work that would be seen in a speed.
const idleCores = 0.1

/**
 * What was sampled while trials ran: memory of the engine, clock and heat of a GPU, and what else used the machine; in a fold, but
 * for a clock that was slowed down.
 */
export function telemetryFigures(evidence: Evidence): Figure[] {
  const memory = memoryKinds.find((kind) => sampledOf(evidence, kind).rows.length > 0)
  const kinds = [...(memory === undefined ? [] : [memory]), gpuMemory, gpuClock, gpuHeat, otherLoad]
  return kinds.flatMap((kind) => {
    const { rows, left } = sampledOf(evidence, kind)
    if (rows.length === 0) return []
    const figure = figureOf(evidence, kind, { rows, left })
    return [kind === gpuClock && isSlowed(evidence, rows) ? figure : { ...figure, folded: true }]
  })
}

function isSlowed({ words }: Evidence, rows: readonly Row[]): boolean {
  return rows.some(({ courses }) => courses.some(({ samples }) => slowdownReasons(words, samples) !== ''))
}

type Sampled = { rows: readonly Row[]; left: number }
function figureOf(evidence: Evidence, kind: Kind, { rows: found, left }: Sampled): Figure {
  const rows = found.flatMap((row) => [
    ...bandOf(evidence, kind, row),
    ...lineOf(evidence, kind, row),
    ...flagsOf(evidence, kind, row),
    ...slowdownsOf(evidence, kind, row),
  ])
  const cells = found.map(({ cell }) => cell)
  return {
    id: `telemetry-${kind.id}`,
    metric: kind.metric,
    group: cells[0]?.arm.group ?? '',
    title: titleOf(evidence, kind, found),
    ...captionWith(evidence, kind, { rows: found, left }),
    wide: true,
    chart: 'telemetry',
    values: {
      rows,
      ...scalesOf(
        evidence,
        cells.map((cell) => cell.arm),
      ),
      most:
        1.1 *
        Math.max(
          kind.field === 'otherCores' ? idleCores : 0,
          ...rows.map((row) => Number(row['high'] ?? row['value'] ?? 0)),
        ),
      final: Math.max(...rows.map((row) => Number(row['at']))),
      unitTitle: kind === otherLoad ? evidence.words('chart.cores') : kind.unit,
      xTitle: evidence.words('chart.telemetry-x'),
    },
    twin: twinOf(evidence, kind, found),
  }
}

function captionWith(evidence: Evidence, kind: Kind, { rows, left }: Sampled) {
  const { words } = evidence
  const slowed = isGpu(kind) && isSlowed(evidence, rows)
  const invalid = rows.flatMap(({ courses }) => courses.flatMap(({ trial }) => trial.invalid))
  const besides = invalid.filter(({ reason }) => reason !== 'throttled')
  const reasons = [...new Set(besides.map(({ reason }) => words(`invalid.${reason}`)))].join(', ')
  const launches = Math.max(...rows.map(({ courses }) => courses.length))
  return captionOf(
    [
      kind === otherLoad ? words('chart.other-cores') : `${words(`telemetry.kinds.${kind.id}`)}, ${kind.unit}`,
      words('chart.telemetry-line', { n: launches }),
      ...(reasons === '' ? [] : [words('chart.telemetry-flag', { reasons })]),
      ...(besides.length < invalid.length ? [words('telemetry.throttled')] : []),
      ...(slowed ? [words('telemetry.bars')] : []),
      ...(left > 0 ? [words('chart.left-out', { n: left })] : []),
    ],
    [
      ...(launches > 1 ? [words('chart.telemetry-shown')] : []),
      words(kind.end === 'least' ? 'telemetry.spans-least' : 'chart.telemetry-spans'),
    ],
  )
}

function twinOf({ words }: Evidence, kind: Kind, rows: readonly Row[]): Figure['twin'] {
  const unit = kind === otherLoad ? words('chart.other-cores') : kind.unit
  const end = numberCell(words(kind.end === 'least' ? 'telemetry.least' : 'twin.peak', { unit }))
  const slowed = isGpu(kind) ? [textCell(words('telemetry.slowed-head'))] : []
  return {
    head: [textCell(words('twin.cell')), numberCell(words('twin.trial')), end, ...slowed],
    rows: rows.flatMap(({ cell, courses }) =>
      courses.map(({ trial, samples, peak }) => [
        textCell(cell.name),
        trialCell(words, trial),
        numberCell(significant(peak / kind.divisor)),
        ...slowed.map(() => textCell(slowdownReasons(words, samples))),
      ]),
    ),
  }
}

const isGpu = (kind: Kind) => kind === gpuClock || kind === gpuHeat

const baseOf = (evidence: Evidence, { cell }: Row) => ({
  arm: cell.arm.index,
  label: cell.arm.value,
  panel: panelKey(evidence, cell),
  series: cell.index,
  order: cell.index,
})
const rounded = (value: number) => Number(value.toPrecision(5))
const seconds = (us: number) => rounded(us / 1e6)

function lineOf(evidence: Evidence, { field, divisor }: Kind, row: Row): ChartRow[] {
  return row.shown.samples.map((sample) => ({
    ...baseOf(evidence, row),
    kind: 'line',
    at: seconds(sample.atUs),
    value: rounded((sample[field] ?? 0) / divisor),
  }))
}

/** Of each span of time the least and the largest that any launch had; only where there are several. */
function bandOf(evidence: Evidence, { field, divisor }: Kind, row: Row): ChartRow[] {
  if (row.courses.length < 2) return []
  const endUs = Math.max(...row.courses.map(({ samples }) => samples.at(-1)?.atUs ?? 0))
  const all = row.courses.flatMap(({ samples }) => samples)
  const spans = Map.groupBy(all, ({ atUs }) => Math.min(bands - 1, Math.floor((bands * atUs) / Math.max(1, endUs))))
  return [...spans.entries()]
    .toSorted(([a], [b]) => a - b)
    .map(([span, samples]) => {
      const values = samples.map((sample) => (sample[field] ?? 0) / divisor)
      const at = seconds(((span + 0.5) * endUs) / bands)
      return {
        ...baseOf(evidence, row),
        kind: 'band',
        at,
        low: rounded(Math.min(...values)),
        high: rounded(Math.max(...values)),
      }
    })
}

/** At the peak of every launch that is invalid. */
function flagsOf(evidence: Evidence, { field, divisor }: Kind, row: Row): ChartRow[] {
  return row.courses
    .filter(({ trial }) => trial.invalid.length > 0)
    .map(({ trial, samples, peak }) => {
      const at = seconds(samples.find((sample) => sample[field] === peak)?.atUs ?? 0)
      const place = evidence.words('point.launch', { launch: trial.launchId, block: trial.block + 1 })
      const why = trial.invalid.map(({ reason, detail }) => `${evidence.words(`invalid.${reason}`)}: ${detail}`)
      const tip = [row.cell.name, place, ...why].join('\n')
      const sign = trial.invalid.some(({ reason }) => reason === 'throttled') ? 'throttled' : 'invalid'
      return { ...baseOf(evidence, row), kind: 'flag', sign, at, value: rounded(peak / divisor), tip }
    })
}

/** Of every launch, at the foot of the panel. */
function slowdownsOf(evidence: Evidence, kind: Kind, row: Row): ChartRow[] {
  if (!isGpu(kind)) return []
  const base = baseOf(evidence, row)
  return row.courses.flatMap((course) => slowdownMarks(evidence.words, course, base))
}

function titleOf(evidence: Evidence, kind: Kind, rows: readonly Row[]): string {
  const { words } = evidence
  const { field, divisor, unit } = kind
  if (kind === gpuClock) return clockTitle(evidence, rows)
  const most = rows
    .flatMap(({ cell, courses }) => courses.map((course) => ({ cell, course })))
    .toSorted((a, b) => b.course.peak - a.course.peak)[0]
  if (most === undefined) return ''
  const { cell, course } = most
  const parts = { on: '', name: cell.name, most: significant(course.peak / divisor), unit }
  if (field === 'otherCores')
    return words(course.peak > idleCores ? 'chart.telemetry-load' : 'chart.telemetry-idle', parts)
  if (kind === gpuHeat) return words('telemetry.heat', parts)
  const atUs = course.samples.find((sample) => sample[field] === course.peak)?.atUs ?? 0
  return words('chart.telemetry-memory', {
    ...parts,
    share: percent(atUs / Math.max(1, course.samples.at(-1)?.atUs ?? 0)),
  })
}

/** How far a clock fell, and why. */
function clockTitle({ words }: Evidence, rows: readonly Row[]): string {
  const courses = rows.flatMap(({ courses: ofRow }) => ofRow)
  const values = courses.flatMap(({ samples }) => samples.flatMap(({ gpuSmMhz }) => gpuSmMhz ?? []))
  const [least, most] = [fixed(Math.min(...values), 0), fixed(Math.max(...values), 0)]
  const slowed = courses.filter(({ samples }) => slowdownReasons(words, samples) !== '')
  if (slowed.length === 0) return words('telemetry.clock-steady', { least, most })
  const why = slowdownReasons(
    words,
    slowed.flatMap(({ samples }) => samples),
  )
  return words('telemetry.clock-slowed', { least, most, why, n: slowed.length, all: courses.length })
}
