import type { Metric } from '../domain/metric.ts'
import type { TrialRow } from '../domain/plan-data.ts'
import type { MemorySample } from '../domain/record.ts'
import { quantile } from '../stats/quantile.ts'
import { panelOf } from './cell-rows.ts'
import type { ChartRow } from './chart.ts'
import type { ShownCell } from './comparison.ts'
import { measuredSpeeds } from './contrast.ts'
import type { Evidence } from './evidence.ts'
import { captionOf, numberCell, scalesOf, textCell, trialCell, type Figure } from './figure.ts'
import { percent, significant } from './numbers.ts'

type Field = 'pssBytes' | 'rssBytes' | 'vramBytes' | 'otherCores'
type Kind = { field: Field; id: string; metric: Metric; label: string; unit: string; divisor: number }
const mebibyte = 2 ** 20
const memories: readonly Kind[] = [
  { field: 'pssBytes', id: 'pss', metric: 'pss_peak_bytes', label: 'PSS', unit: 'MiB', divisor: mebibyte },
  { field: 'rssBytes', id: 'rss', metric: 'rss_peak_bytes', label: 'RSS', unit: 'MiB', divisor: mebibyte },
]
const graphics: Kind = {
  field: 'vramBytes',
  id: 'vram',
  metric: 'vram_peak_bytes',
  label: 'VRAM',
  unit: 'MiB',
  divisor: mebibyte,
}
const others: Kind = { field: 'otherCores', id: 'load', metric: 'rss_peak_bytes', label: '', unit: '', divisor: 1 }
const mostPanels = 4
const bands = 40
// Below this much of a core nothing else was at work that would be seen in a speed.
const idleCores = 0.1

type Course = { trial: TrialRow; samples: readonly MemorySample[]; peak: number }
type Row = { cell: ShownCell; courses: readonly Course[]; shown: Course }

/** What was sampled while trials ran: memory of the engine, and what else used the machine. */
export function telemetryFigures(evidence: Evidence): Figure[] {
  const kinds = [memories.find((kind) => rowsOf(evidence, kind).length > 0), graphics, others]
  return kinds.flatMap((kind) => {
    const rows = kind === undefined ? [] : rowsOf(evidence, kind)
    return kind === undefined || rows.length === 0 ? [] : [figureOf(evidence, kind, rows)]
  })
}

/** The cells whose speed is measured, in the first panels of each group. */
function rowsOf(evidence: Evidence, { field }: Kind): Row[] {
  const byTrial = new Map((evidence.data.telemetry ?? []).map((each) => [each.trialId, each.samples]))
  const cells = measuredSpeeds(evidence)[0]?.cells ?? []
  const panels = [...new Set(cells.map((cell) => panelKey(evidence, cell)))].slice(0, mostPanels)
  return cells
    .filter((cell) => panels.includes(panelKey(evidence, cell)))
    .flatMap((cell) => {
      const courses = evidence.trialsOf(cell.cell.id).flatMap((trial): Course[] => {
        const samples = (byTrial.get(trial.id) ?? []).filter((sample) => sample[field] !== undefined)
        const peak = Math.max(...samples.map((sample) => sample[field] ?? 0))
        return samples.length < 2 ? [] : [{ trial, samples, peak }]
      })
      const shown = representative(courses)
      return shown === undefined ? [] : [{ cell, courses, shown }]
    })
}

function panelKey(evidence: Evidence, cell: ShownCell): string {
  const panel = panelOf(evidence, cell)
  return cell.arm.group === '' || cell.arm.group === panel ? panel : `${cell.arm.group} · ${panel}`
}

/** The valid launch whose peak is nearest to the median of their peaks; the first of equals. */
function representative(courses: readonly Course[]): Course | undefined {
  const valid = courses.filter(({ trial }) => trial.invalid.length === 0)
  const from = valid.length > 0 ? valid : courses
  const middle = quantile(Float64Array.from(from, ({ peak }) => peak).toSorted(), 0.5) ?? 0
  return from.toSorted((a, b) => Math.abs(a.peak - middle) - Math.abs(b.peak - middle) || a.trial.id - b.trial.id)[0]
}

function figureOf(evidence: Evidence, kind: Kind, found: readonly Row[]): Figure {
  const rows = found.flatMap((row) => [
    ...bandOf(evidence, kind, row),
    ...lineOf(evidence, kind, row),
    ...flagsOf(evidence, kind, row),
  ])
  const cells = found.map(({ cell }) => cell)
  return {
    id: `telemetry-${kind.id}`,
    metric: kind.metric,
    group: cells[0]?.arm.group ?? '',
    title: titleOf(evidence, kind, found),
    ...captionWith(evidence, kind, found),
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
          ...rows.map((row) => Number(row['high'] ?? row['value'])),
        ),
      final: Math.max(...rows.map((row) => Number(row['at']))),
      xTitle: evidence.words('chart.telemetry-x'),
    },
    twin: twinOf(evidence, kind, found),
  }
}

function captionWith({ words }: Evidence, kind: Kind, rows: readonly Row[]) {
  const invalid = rows.flatMap(({ courses }) => courses.flatMap(({ trial }) => trial.invalid))
  const reasons = [...new Set(invalid.map(({ reason }) => words(`invalid.${reason}`)))].join(', ')
  const launches = Math.max(...rows.map(({ courses }) => courses.length))
  return captionOf(
    [
      kind.label === '' ? words('chart.other-cores') : `${kind.label}, ${kind.unit}`,
      words('chart.telemetry-line', { n: launches }),
      ...(reasons === '' ? [] : [words('chart.telemetry-flag', { reasons })]),
    ],
    [...(launches > 1 ? [words('chart.telemetry-shown')] : []), words('chart.telemetry-spans')],
  )
}

function twinOf({ words }: Evidence, kind: Kind, rows: readonly Row[]): Figure['twin'] {
  const unit = kind.label === '' ? words('chart.other-cores') : kind.unit
  return {
    head: [textCell(words('twin.cell')), numberCell(words('twin.trial')), numberCell(words('twin.peak', { unit }))],
    rows: rows.flatMap(({ cell, courses }) =>
      courses.map(({ trial, peak }) => [
        textCell(cell.name),
        trialCell(words, trial),
        numberCell(significant(peak / kind.divisor)),
      ]),
    ),
  }
}

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
      return { ...baseOf(evidence, row), kind: 'flag', at, value: rounded(peak / divisor), tip }
    })
}

function titleOf(evidence: Evidence, { field, divisor, unit }: Kind, rows: readonly Row[]): string {
  const { words } = evidence
  const most = rows
    .flatMap(({ cell, courses }) => courses.map((course) => ({ cell, course })))
    .toSorted((a, b) => b.course.peak - a.course.peak)[0]
  if (most === undefined) return ''
  const { cell, course } = most
  const parts = { on: '', name: cell.name, most: significant(course.peak / divisor), unit }
  if (field === 'otherCores')
    return words(course.peak > idleCores ? 'chart.telemetry-load' : 'chart.telemetry-idle', parts)
  const atUs = course.samples.find((sample) => sample[field] === course.peak)?.atUs ?? 0
  return words('chart.telemetry-memory', {
    ...parts,
    share: percent(atUs / Math.max(1, course.samples.at(-1)?.atUs ?? 0)),
  })
}
