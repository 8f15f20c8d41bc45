import type { TrialRow } from '../domain/plan-data.ts'
import { axisOf, logNotes } from './axis.ts'
import { panelOf } from './cell-rows.ts'
import type { ChartRow } from './chart.ts'
import type { ShownCell } from './comparison.ts'
import { driftOf, driftTitle } from './drift.ts'
import type { Evidence } from './evidence.ts'
import { captionOf, numberCell, scalesOf, textCell, trialCell, type Figure, type TwinCell } from './figure.ts'
import { fixed, inShownUnit, missing, shownUnit, shownValue } from './numbers.ts'
import { isUnderLoad } from './load-sweep.ts'
import { isToldByLength } from './requests-figure.ts'
import { failedMark, someOf } from './some-requests.ts'
import { shownPanels } from './shown-panels.ts'
import type { TimedRequest } from './trial-requests.ts'
import { labelOf, namedWithUnit } from './metric-words.ts'

const shown = ['ttft_ms', 'e2e_ms', 'decode_tps'] as const
type Timed = (typeof shown)[number]
// In a figure, and in all of them together: a page stays small.
const limits = { perFigure: 800, inAll: 3600 } as const
const leastPerTrial = 4
// Fewer in every trial do not make a course of time.
const leastRequests = 5
const mostPanels = 6
const gapUs = 1
const mostTwinRows = 60

type Placed = { cell: ShownCell; trial: TrialRow; requests: readonly TimedRequest[]; fromUs: number }

/** Every request at the time at which it was sent: where a machine gets hotter or a cache fills, it shows here. */
export function overTimeFigures(evidence: Evidence): Figure[] {
  const cells = evidence.comparison.cells.filter((cell) =>
    evidence.trialsOf(cell.cell.id).some((trial) => evidence.seenOf(trial.id).measured >= leastRequests),
  )
  const groups = [...Map.groupBy(cells, (cell) => cell.arm.group).values()]
  const share = Math.floor(limits.inAll / (shown.length * Math.max(1, groups.length)))
  const mostPoints = Math.min(limits.perFigure, share)
  return shown.flatMap((metric) =>
    groups
      // Of a server under load a queue is what may grow.
      .map((ofGroup) => ofGroup.filter((cell) => metric === 'ttft_ms' || !isUnderLoad(cell)))
      // Where answers differ in length their times have a figure of their own.
      .map((ofGroup) => ofGroup.filter((cell) => metric !== 'e2e_ms' || !isToldByLength(evidence, cell)))
      .map((ofGroup) => ofGroup.filter((cell) => evidence.valueOf(cell, metric) !== undefined))
      .filter((ofGroup) => ofGroup.length > 0)
      .map((ofGroup, index) => figureOf(evidence, { metric, cells: ofGroup, index, mostPoints })),
  )
}

type Shown = { metric: Timed; cells: readonly ShownCell[]; index: number; mostPoints: number }
function figureOf(evidence: Evidence, { metric, cells: all, index, mostPoints }: Shown): Figure {
  const panels = shownPanels(evidence, all, mostPanels)
  const cells = all.filter((cell) => panels.includes(panelOf(evidence, cell)))
  const inPanel = (panel: string) => cells.filter((cell) => panelOf(evidence, cell) === panel)
  const placed = panels.map((panel) => placedIn(evidence, inPanel(panel)))
  const trials = placed.flatMap((each) => each.trials)
  const several = placed.some(({ blocks }) => blocks.length > 1)
  const inMinutes = placed.some(({ endUs }) => endUs > 600e6)
  const share = mostPoints / trials.length
  const requests = trials.flatMap((trial) => pointsOf(evidence, { metric, ...trial, share }))
  const axis = axisOf(requests.flatMap(({ value }) => (typeof value === 'number' ? [value] : [])))
  const rows = [...(several ? placed.flatMap(({ blocks }) => blocks) : []), ...requests].map((row) => ({
    ...row,
    ...(row['kind'] === 'failed' && { value: axis.least }),
    at: Number(((row['at'] as number) / (inMinutes ? 60e6 : 1e6)).toPrecision(5)),
  }))
  const left = all.length - cells.length
  const drifts = cells.flatMap((cell) => driftWithin(trials, cell, metric))
  const arms = cells.map((cell) => cell.arm)
  return {
    id: `over-time-${metric}-${index + 1}`,
    metric,
    group: cells[0]?.arm.group ?? '',
    title: driftTitle(evidence, { metric, cells, kind: 'drift' }, drifts),
    ...captionWith(evidence, { metric, trials, points: requests, several, log: axis.scale === 'log', left }),
    wide: true,
    chart: 'over-time',
    values: {
      rows,
      ...scalesOf(evidence, arms),
      ...axis,
      step: 0,
      unitTitle: namedWithUnit(evidence, metric),
      xTitle: evidence.words(`chart.over-time-x.${inMinutes ? 'minutes' : 'seconds'}`),
    },
    twin: twinOf(evidence, metric, trials),
  }
}

/** A panel's blocks one after another: each as wide as its longest trial, from the first request of every trial. */
function placedIn(evidence: Evidence, cells: readonly ShownCell[]) {
  const all = cells.flatMap((cell) =>
    evidence.trialsOf(cell.cell.id).map((trial) => ({ cell, trial, requests: evidence.seenOf(trial.id).sample })),
  )
  const begun = all.filter(({ requests }) => requests.length > 0)
  const [first] = cells
  const base = { kind: 'block', panel: first === undefined ? '' : panelOf(evidence, first), order: first?.index ?? 0 }
  const [blocks, trials]: [ChartRow[], Placed[]] = [[], []]
  let atUs = 0
  for (const [block, ofBlock] of [...Map.groupBy(begun, ({ trial }) => trial.block)].toSorted(([a], [b]) => a - b)) {
    blocks.push({ ...base, at: atUs, text: evidence.words('chart.block', { block: block + 1 }) })
    for (const each of ofBlock) trials.push({ ...each, fromUs: atUs })
    const spans = ofBlock.map(({ requests }) => (requests.at(-1)?.sentUs ?? 0) - (requests[0]?.sentUs ?? 0))
    atUs += Math.max(...spans, gapUs) * 1.04
  }
  return { trials, blocks, endUs: atUs }
}

type Pointed = Placed & { metric: Timed; share: number }
function pointsOf(evidence: Evidence, { cell, trial, requests, fromUs, metric, share }: Pointed): ChartRow[] {
  const firstUs = requests[0]?.sentUs ?? 0
  const base = { arm: cell.arm.index, label: cell.arm.value, panel: panelOf(evidence, cell), order: cell.index }
  const tokens = Math.max(1, ...requests.map((request) => request.outputTokens ?? 0))
  const differ = new Set(requests.map((request) => request.outputTokens)).size > 1
  return someOf(requests, { metric, most: Math.max(leastPerTrial, Math.floor(share)), seed: trial.id }).map(
    (request) => {
      const value = request.metrics[metric]
      const at = fromUs + request.sentUs - firstUs
      const place = evidence.words('point.timed', {
        request: request.index + 1,
        launch: trial.launchId,
        block: trial.block + 1,
      })
      if (request.status === 'failed' || value === undefined) {
        const reason = evidence.words(`reason.${request.reason ?? 'unknown'}`)
        return {
          ...base,
          kind: 'failed',
          at,
          text: failedMark(request),
          tip: `${cell.name}\n${reason}\n${place}`,
        }
      }
      const text = `${labelOf(evidence, metric)} ${shownValue(metric, value).text} ${shownUnit(metric)}`
      return {
        ...base,
        kind: 'point',
        at,
        value: Number(inShownUnit(metric, value).toPrecision(6)),
        invalid: trial.invalid.length > 0,
        size: differ ? Math.round(8 + (40 * (request.outputTokens ?? 0)) / tokens) : 18,
        tip: `${cell.name}\n${text}\n${place}`,
      }
    },
  )
}

function driftWithin(trials: readonly Placed[], cell: ShownCell, metric: Timed) {
  const courses = trials
    .filter((trial) => trial.cell === cell && trial.trial.invalid.length === 0)
    .map(({ requests }) => requests.flatMap((request) => request.metrics[metric] ?? []))
  return driftOf(cell, courses)
}

type Captioned = {
  metric: Timed
  trials: readonly Placed[]
  points: readonly ChartRow[]
  several: boolean
  log: boolean
  left: number
}
function captionWith(evidence: Evidence, { metric, trials, points, several, log, left }: Captioned) {
  const { words } = evidence
  const n = trials.reduce((sum, { trial }) => sum + evidence.seenOf(trial.id).measured, 0)
  const texts = new Set(points.map((point) => point['text']))
  const sizes = new Set(points.flatMap((point) => point['size'] ?? []))
  const some = points.length < n
  const logs = logNotes(words, log)
  return captionOf(
    [
      words('chart.over-time', { label: labelOf(evidence, metric), unit: shownUnit(metric) }),
      some
        ? words('chart.over-time-some', { shown: fixed(points.length, 0), n: fixed(n, 0) })
        : words('chart.over-time-all', { n: fixed(n, 0) }),
      ...(texts.has('×') ? [words('chart.failed-marks')] : []),
      ...(texts.has('+') ? [words('chart.cut-off-marks')] : []),
      ...(points.some((point) => point['invalid'] === true) ? [words('chart.hollow')] : []),
      ...logs.short,
      ...(left > 0 ? [words('chart.left-out', { n: left })] : []),
    ],
    [
      ...(some ? [words('chart.over-time-drawn')] : []),
      ...(several ? [words('chart.over-time-blocks')] : []),
      ...(sizes.size > 1 ? [words('chart.over-time-size')] : []),
      ...(trials.length > mostTwinRows ? [words('chart.table-ends', { n: mostTwinRows, all: trials.length })] : []),
      ...logs.reading,
    ],
  )
}

/** A row per trial: the page has the requests themselves as CSV. */
function twinOf(evidence: Evidence, metric: Timed, trials: readonly Placed[]): Figure['twin'] {
  const { words } = evidence
  const unit = `${labelOf(evidence, metric)}, ${shownUnit(metric)}`
  const rows = trials.slice(0, mostTwinRows).map(({ cell, trial }): TwinCell[] => {
    const seen = evidence.seenOf(trial.id)
    const values = seen.values[metric] ?? new Float64Array()
    const at = (place: number) =>
      numberCell(values.length === 0 ? missing : shownValue(metric, values.at(place) ?? 0).text)
    const median = trial.metrics[metric]?.median
    return [
      textCell(cell.name),
      trialCell(words, trial),
      numberCell(String(seen.measured)),
      numberCell(String(seen.failed)),
      at(0),
      numberCell(median === undefined ? missing : shownValue(metric, median).text),
      at(-1),
    ]
  })
  const heads = ['trial', 'requests', 'failed', 'least', 'median', 'largest'] as const
  const named = heads.map((name) =>
    numberCell(name === 'median' ? `${words('twin.median')}, ${unit}` : words(`twin.${name}`)),
  )
  return { head: [textCell(words('twin.cell')), ...named], rows }
}
