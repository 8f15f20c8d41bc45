import type { TrialRow } from '../domain/plan-data.ts'
import { quantile } from '../stats/quantile.ts'
import { axisOf, logNotes, type ValueAxis } from './axis.ts'
import { panelOf } from './cell-rows.ts'
import type { ChartRow } from './chart.ts'
import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { captionOf, numberCell, scalesOf, textCell, trialCell, type Figure, type TwinCell } from './figure.ts'
import { classOf, countClasses, type HeatClass } from './heat.ts'
import { fixed, missing, shownValue, significant } from './numbers.ts'
import { shownPanels } from './shown-panels.ts'
import { failedMark, someOf } from './some-requests.ts'
import { doLengthsDiffer, lengthsOf } from './token-lengths.ts'
import type { TimedRequest } from './trial-requests.ts'

const mostPanels = 4
const mostCells = 6
const mostPoints = 900
const leastRequests = 20

type Shown = { cell: ShownCell; trial: TrialRow; panel: string; requests: readonly TimedRequest[] }

/** Whether the answers of a cell differ so much in length that their times are told with it. */
export function isToldByLength(evidence: Evidence, cell: ShownCell): boolean {
  const asked = cell.kind === 'chat' || cell.kind === 'completion'
  return asked && doLengthsDiffer(lengthsOf(evidence, [cell], 'output'))
}

/** The time of every answer of a trial when it was asked for, coloured by how long the answer is. */
export function requestsFigures(evidence: Evidence): Figure[] {
  const cells = evidence.comparison.cells.filter((cell) => isToldByLength(evidence, cell))
  const groups = [...Map.groupBy(cells, (cell) => cell.arm.group).values()]
  return groups.flatMap((ofGroup, index) => {
    const panels = shownPanels(evidence, ofGroup, mostPanels)
    const shown = ofGroup
      .filter((cell) => panels.includes(panelOf(evidence, cell)))
      .slice(0, mostCells)
      .flatMap((cell) => trialOf(evidence, cell))
    return shown.length === 0 ? [] : [figureOf(evidence, { shown, left: ofGroup.length - shown.length, index })]
  })
}

/** The first valid trial with so many requests that a course is seen; an invalid one where there is no other. */
function trialOf(evidence: Evidence, cell: ShownCell): Shown[] {
  const trials = evidence.trialsOf(cell.cell.id).filter(({ id }) => evidence.seenOf(id).measured >= leastRequests)
  const trial = trials.find(({ invalid }) => invalid.length === 0) ?? trials[0]
  if (trial === undefined) return []
  const panel = [cell.arm.value, cell.panel].filter((part) => part !== '').join(' · ')
  return [{ cell, trial, panel, requests: evidence.seenOf(trial.id).sample }]
}

type Drawn = { shown: readonly Shown[]; left: number; index: number }
function figureOf(evidence: Evidence, drawn: Drawn): Figure {
  const { shown, index } = drawn
  const tokens = shown.flatMap(({ requests }) => requests.flatMap(({ outputTokens }) => outputTokens ?? []))
  const classes = countClasses(tokens)
  const rows = shown.flatMap((each) => rowsOf(evidence, each, { classes, most: mostPoints / shown.length }))
  const axis = axisOf(rows.flatMap(({ value }) => (typeof value === 'number' ? [value] : [])))
  const group = shown[0]?.cell.arm.group ?? ''
  return {
    id: `requests-${index + 1}`,
    metric: 'e2e_ms',
    group,
    title: titleOf(evidence, shown, group),
    ...captionWith(evidence, drawn, { rows, axis }),
    wide: true,
    chart: 'requests',
    values: {
      rows: rows.map((row) => (row['kind'] === 'failed' ? { ...row, value: axis.least } : row)),
      ...scalesOf(
        evidence,
        shown.map(({ cell }) => cell.arm),
      ),
      ...axis,
      classes: classes.map((each) => className(evidence, each)),
      shades: classes.map(({ colour }) => colour),
      classTitle: evidence.words('requests.tokens'),
      xTitle: evidence.words('chart.telemetry-x'),
      yTitle: evidence.words('requests.axis'),
    },
    twin: twinOf(evidence, shown),
  }
}

function className({ words }: Evidence, { from, to }: HeatClass): string {
  return from === to ? fixed(to, 0) : words('range', { low: fixed(from, 0), high: fixed(to, 0) })
}

type Colours = { classes: readonly HeatClass[]; most: number }
function rowsOf(evidence: Evidence, { cell, trial, panel, requests }: Shown, { classes, most }: Colours): ChartRow[] {
  const { words } = evidence
  const firstUs = requests[0]?.sentUs ?? 0
  const base = { arm: cell.arm.index, panel, order: cell.index }
  return someOf(requests, { metric: 'e2e_ms', most: Math.floor(most), seed: trial.id }).flatMap(
    (request): ChartRow[] => {
      const { sentUs, outputTokens, metrics, status, index } = request
      const at = Number(((sentUs - firstUs) / 1e6).toPrecision(5))
      const place = words('point.timed', { request: index + 1, launch: trial.launchId, block: trial.block + 1 })
      const value = metrics.e2e_ms
      if (status === 'failed') {
        const reason = words(`reason.${request.reason ?? 'unknown'}`)
        return [{ ...base, kind: 'failed', at, text: failedMark(request), tip: `${cell.name}\n${reason}\n${place}` }]
      }
      if (value === undefined || outputTokens === undefined) return []
      const text = words('requests.tip', { value: significant(value / 1000), tokens: fixed(outputTokens, 0) })
      return [
        {
          ...base,
          kind: 'point',
          at,
          value: Number((value / 1000).toPrecision(5)),
          class: className(evidence, classOf(classes, outputTokens)),
          invalid: trial.invalid.length > 0,
          tip: `${cell.name}\n${text}\n${place}`,
        },
      ]
    },
  )
}

/** The longest third of the answers of the first sound cell against the shortest. */
function titleOf({ words }: Evidence, shown: readonly Shown[], group: string): string {
  const found = shown.find(({ trial }) => trial.invalid.length === 0) ?? shown[0]
  const answered = (found?.requests ?? [])
    .filter(({ outputTokens, metrics }) => outputTokens !== undefined && metrics.e2e_ms !== undefined)
    .toSorted((a, b) => (a.outputTokens ?? 0) - (b.outputTokens ?? 0))
  const third = Math.floor(answered.length / 3)
  const [short, long] = [medianMs(answered.slice(0, third)), medianMs(answered.slice(-third))]
  const on = group === '' ? '' : words('chart.on', { group })
  if (found === undefined || third === 0 || short === undefined || long === undefined || short <= 0)
    return words('requests.title-none', { on })
  return words('requests.title', { name: found.panel, on, ratio: significant(long / short, 2) })
}

function medianMs(requests: readonly TimedRequest[]): number | undefined {
  return quantile(Float64Array.from(requests, ({ metrics }) => metrics.e2e_ms ?? 0).toSorted(), 0.5)
}

type Marks = { rows: readonly ChartRow[]; axis: ValueAxis }
function captionWith({ words, seenOf }: Evidence, { shown, left }: Drawn, { rows, axis }: Marks) {
  const n = shown.reduce((sum, { trial }) => sum + seenOf(trial.id).measured, 0)
  const texts = new Set(rows.map((row) => row['text']))
  const some = rows.length < n
  const logs = logNotes(words, axis.scale === 'log')
  return captionOf(
    [
      words('requests.what'),
      some
        ? words('chart.over-time-some', { shown: fixed(rows.length, 0), n: fixed(n, 0) })
        : words('chart.over-time-all', { n: fixed(n, 0) }),
      ...(texts.has('×') ? [words('chart.failed-marks')] : []),
      ...(texts.has('+') ? [words('chart.cut-off-marks')] : []),
      ...(rows.some((row) => row['invalid'] === true) ? [words('chart.hollow')] : []),
      ...logs.short,
      ...(left > 0 ? [words('chart.left-out', { n: left })] : []),
    ],
    [
      words('requests.reading'),
      words('requests.classes'),
      ...(some ? [words('chart.over-time-drawn')] : []),
      ...logs.reading,
    ],
  )
}

function twinOf({ words, seenOf }: Evidence, shown: readonly Shown[]): Figure['twin'] {
  const unit = words('requests.axis')
  const heads = [
    words('twin.trial'),
    words('twin.requests'),
    words('twin.failed'),
    words('requests.tokens'),
    `${unit}: ${words('twin.least')}`,
    `${unit}: ${words('twin.median')}`,
    `${unit}: ${words('twin.largest')}`,
  ]
  return {
    head: [textCell(words('twin.cell')), ...heads.map((text) => numberCell(text))],
    rows: shown.map(({ cell, trial, requests }): TwinCell[] => {
      const { measured, failed, values, lengths } = seenOf(trial.id)
      const times = values.e2e_ms ?? new Float64Array()
      const tokens = [...lengths.output.keys()].toSorted((a, b) => a - b)
      const [least, most] = [tokens[0], tokens.at(-1)]
      const range = least === undefined || most === undefined ? missing : words('range', { low: least, high: most })
      return [
        textCell(cell.name),
        trialCell(words, trial),
        numberCell(String(measured)),
        numberCell(String(failed)),
        numberCell(requests.length === 0 ? missing : range),
        timeCell(times[0]),
        timeCell(quantile(times, 0.5)),
        timeCell(times.at(-1)),
      ]
    }),
  }
}

function timeCell(ms: number | undefined): TwinCell {
  return numberCell(ms === undefined ? missing : shownValue('e2e_ms', ms / 1000).text)
}
