import type { Metric } from '../domain/metric.ts'
import { axisOf } from './axis.ts'
import { panelOf } from './cell-rows.ts'
import type { ChartRow } from './chart.ts'
import type { ShownCell } from './comparison.ts'
import { measuredSpeeds } from './contrast.ts'
import { driftTitle, type Drift } from './drift.ts'
import type { Evidence, LaunchPoint } from './evidence.ts'
import { numberCell, scalesOf, textCell, trialCell, type Figure } from './figure.ts'
import { isUnderLoad } from './load-sweep.ts'
import { inShownUnit, shownUnit, shownValue } from './numbers.ts'
import { shownPanels } from './shown-panels.ts'
import { labelOf, namedWithUnit } from './metric-words.ts'

const mostPanels = 6

/** A speed of every launch in the order in which they ran: what changes from block to block is the machine, not the arm. */
export function launchesFigures(evidence: Evidence): Figure[] {
  if (evidence.data.plan.blocks < 2) return []
  return measuredSpeeds(evidence).flatMap(({ metric, cells }) =>
    // What a server does under load its own figures show, launch by launch.
    [
      ...Map.groupBy(
        cells.filter((cell) => !isUnderLoad(cell)),
        (cell) => cell.arm.group,
      ).values(),
    ]
      .filter((ofGroup) => ofGroup.some((cell) => (evidence.valueOf(cell, metric)?.points.length ?? 0) > 1))
      .map((ofGroup, index) => figureOf(evidence, metric, { cells: ofGroup, index })),
  )
}

function figureOf(evidence: Evidence, metric: Metric, group: { cells: readonly ShownCell[]; index: number }): Figure {
  const { words, data } = evidence
  const panels = shownPanels(evidence, group.cells, mostPanels)
  const cells = group.cells.filter((cell) => panels.includes(panelOf(evidence, cell)))
  const places = new Map(data.launches.map((launch, at) => [launch.id, at + 1]))
  const placeOf = ({ trial }: LaunchPoint) => places.get(trial.launchId) ?? 0
  const rows = cells.flatMap((cell) => pointsOf(evidence, { metric, cell, placeOf }))
  const axis = axisOf(rows.flatMap(({ value }) => (typeof value === 'number' ? [value] : [])))
  const firsts = [...Map.groupBy(data.launches, (launch) => launch.block).entries()].map(([block, [first]]) => ({
    kind: 'block',
    at: (places.get(first?.id ?? 0) ?? 0) - 0.5,
    text: words('chart.block', { block: block + 1 }),
  }))
  const arms = cells.map((cell) => cell.arm)
  const drifts = cells.flatMap((cell) => acrossBlocks(evidence, metric, cell))
  const points = rows.filter((row) => row['kind'] === 'point')
  return {
    id: `launches-${metric}-${group.index + 1}`,
    metric,
    group: cells[0]?.arm.group ?? '',
    title: driftTitle(evidence, { metric, cells, kind: 'blocks' }, drifts),
    subtitle: subtitleOf(evidence, metric, {
      points,
      log: axis.scale === 'log',
      left: group.cells.length - cells.length,
    }),
    wide: true,
    chart: 'over-time',
    values: {
      rows: [...panels.flatMap((panel) => firsts.map((first): ChartRow => ({ ...first, panel }))), ...rows],
      ...scalesOf(evidence, arms),
      ...axis,
      step: 1,
      unitTitle: namedWithUnit(evidence, metric),
      xTitle: words('chart.over-time-x.launches'),
    },
    twin: twinOf(evidence, metric, cells),
  }
}

type Drawn = { points: readonly ChartRow[]; log: boolean; left: number }
function subtitleOf({ words }: Evidence, metric: Metric, { points, log, left }: Drawn): string {
  return [
    words('chart.launches', { label: labelOf({ words }, metric), unit: shownUnit(metric), n: points.length }),
    ...(points.some((row) => row['invalid'] === true) ? [words('chart.hollow')] : []),
    ...(log ? [words('chart.log')] : []),
    ...(left > 0 ? [words('chart.left-out', { n: left })] : []),
  ].join('; ')
}

function twinOf(evidence: Evidence, metric: Metric, cells: readonly ShownCell[]): Figure['twin'] {
  const { words } = evidence
  const unit = `${labelOf(evidence, metric)}, ${shownUnit(metric)}`
  return {
    head: [textCell(words('twin.cell')), numberCell(words('twin.trial')), numberCell(unit)],
    rows: cells.flatMap((cell) =>
      (evidence.valueOf(cell, metric)?.points ?? []).map(({ trial, value }) => [
        textCell(cell.name),
        trialCell(words, trial),
        numberCell(shownValue(metric, value).text),
      ]),
    ),
  }
}

type Course = { metric: Metric; cell: ShownCell; placeOf: (point: LaunchPoint) => number }
function pointsOf(evidence: Evidence, { metric, cell, placeOf }: Course): ChartRow[] {
  const points = (evidence.valueOf(cell, metric)?.points ?? []).toSorted((a, b) => placeOf(a) - placeOf(b))
  const base = {
    arm: cell.arm.index,
    label: cell.arm.value,
    panel: panelOf(evidence, cell),
    series: cell.index,
    order: cell.index,
  }
  const place = (point: LaunchPoint) => ({ ...base, at: placeOf(point), value: inShownUnit(metric, point.value) })
  return points.flatMap((point): ChartRow[] => {
    const { trial, valid } = point
    const where = evidence.words('point.launch', { launch: trial.launchId, block: trial.block + 1 })
    const tip = `${cell.name}\n${labelOf(evidence, metric)} ${shownValue(metric, point.value).text} ${shownUnit(metric)}\n${where}`
    return [
      ...(valid ? [{ ...place(point), kind: 'line' }] : []),
      { ...place(point), kind: 'point', invalid: !valid, size: 40, tip },
    ]
  })
}

/** The last block against the first, of valid trials. */
function acrossBlocks(evidence: Evidence, metric: Metric, cell: ShownCell): Drift[] {
  const points = evidence.valueOf(cell, metric)?.points ?? []
  const valid = points.filter((point) => point.valid).toSorted((a, b) => a.trial.block - b.trial.block)
  const [first, last] = [valid[0], valid.at(-1)]
  return first === undefined || last === undefined || first === last || first.value <= 0
    ? []
    : [{ cell, ratio: last.value / first.value }]
}
