import { contested } from './contested.ts'
import { metrics, type Metric } from '../domain/metric.ts'
import { axisNotes, axisOf, closeAxis, rowsWithin } from './axis.ts'
import { cellRows, cellTwin, panelOf } from './cell-rows.ts'
import type { ShownCell } from './comparison.ts'
import { contrastsOf, widest } from './contrast.ts'
import type { Evidence } from './evidence.ts'
import { scalesOf, type Figure } from './figure.ts'
import { shownUnit, shownValue, significant } from './numbers.ts'
import { mostDots, pointCount, rawPoints } from './raw-points.ts'
import { labelOf } from './metric-words.ts'

type Shown = { metric: Metric; cells: readonly ShownCell[]; group: string }

/** A metric by cell: one figure for each group, as models differ more than what is compared within them. */
export function valueFigures(evidence: Evidence, metric: Metric, cells: readonly ShownCell[]): Figure[] {
  return [...Map.groupBy(cells, (cell) => cell.arm.group).entries()]
    .filter(([, ofGroup]) => ofGroup.some((cell) => evidence.valueOf(cell, metric) !== undefined))
    .map(([group, ofGroup], index) => valueFigure(evidence, { metric, cells: ofGroup, group }, index + 1))
}

function valueFigure(evidence: Evidence, shown: Shown, ordinal: number): Figure {
  const { metric, cells, group } = shown
  const arms = cells.map((cell) => cell.arm)
  const rows = cellRows(evidence, cells, metric)
  const shownValues = rows.flatMap((row) => (typeof row['value'] === 'number' ? [row['value']] : []))
  const intervalEnd = Math.max(0, ...rows.map((row) => Number(row['high'] ?? 0)))
  // Differences of perplexity that matter are small beside its distance from zero.
  const axis = metric === 'perplexity' ? closeAxis(shownValues) : axisOf(shownValues, intervalEnd)
  return {
    id: `${metric}-${ordinal}`,
    metric,
    group,
    title: titleOf(evidence, shown),
    subtitle: [
      ...subtitleOf(evidence, shown),
      ...(axis.scale === 'linear' && !axis.zero ? [evidence.words('chart.not-zero')] : []),
      ...axisNotes(evidence.words, axis, rows),
    ].join('; '),
    wide: true,
    chart: 'speed',
    values: { rows: rowsWithin(rows, axis), ...scalesOf(evidence, arms), ...axis },
    twin: cellTwin(evidence, cells, metric),
  }
}

function subtitleOf(evidence: Evidence, { metric, cells }: Shown): string[] {
  const { words } = evidence
  const n = Math.max(...cells.map((cell) => evidence.valueOf(cell, metric)?.n ?? 0))
  const points = cells.map((cell) => rawPoints(evidence, cell, metric))
  const most = Math.max(...cells.map((cell) => pointCount(evidence, cell, metric)))
  const all = points.flat()
  const dots = all.some((point) => point.of === 'request') ? 'chart.dots-requests' : 'chart.dots-launches'
  const unit = shownUnit(metric)
  return [
    unit === '' ? labelOf(evidence, metric) : `${labelOf(evidence, metric)}, ${unit}`,
    words(n > 1 ? 'chart.interval' : 'chart.no-interval'),
    words(dots, { n: most }) + (most > mostDots ? words('chart.thinned', { n: mostDots }) : ''),
    ...(all.some((point) => !point.valid) ? [words('chart.hollow')] : []),
  ]
}

function titleOf(evidence: Evidence, shown: Shown): string {
  const { words } = evidence
  const { metric, group } = shown
  const cells = soundCells(evidence, shown)
  const contrasts = contrastsOf(evidence, metric, cells)
  const most = widest(contrasts)
  if (most === undefined) return titleOfOne(evidence, shown)
  const parts = { does: words(`chart.best.${metric}`), on: group === '' ? '' : words('chart.on', { group }) }
  const [best, ...others] = [...new Set(bestByPanel(evidence, { ...shown, cells }))]
  if (best === undefined || others.length > 0) return words('chart.depends', parts)
  const base = most.base.arm.value
  if (best === base) {
    return words('chart.base-best', { ...parts, best, other: most.other.arm.value, ratio: significant(most.ratio) })
  }
  const ratios = contrasts.filter((each) => each.other.arm.value === best).map((each) => each.ratio)
  return words('chart.best-of', { ...parts, best, base, ratio: rangeText(evidence, ratios) })
}

/** `1.95`, or `1.44 to 1.95` where panels differ. */
function rangeText({ words }: Evidence, ratios: readonly number[]): string {
  const [low, high] = [significant(Math.min(...ratios)), significant(Math.max(...ratios))]
  return low === high ? low : words('range', { low, high })
}

function titleOfOne(evidence: Evidence, { metric, cells, group }: Shown): string {
  const cell = cells.find((each) => evidence.valueOf(each, metric) !== undefined)
  const found = cell && evidence.valueOf(cell, metric)
  if (cell === undefined || found === undefined) return labelOf(evidence, metric)
  const all = cells.flatMap((each) => evidence.valueOf(each, metric)?.value ?? [])
  const text = all.length > 1 ? rangeText(evidence, all) : shownValue(metric, found.value, found.interval).text
  const value = `${text} ${shownUnit(metric)}`.trim()
  return evidence.words('chart.single', { name: group || cell.arm.value, label: labelOf(evidence, metric), value })
}

/** The cells that have a value, and only those with a valid trial where there are any: a title rests on them. */
function soundCells(evidence: Evidence, { metric, cells }: Shown): ShownCell[] {
  const measured = cells.filter((cell) => evidence.valueOf(cell, metric) !== undefined)
  const sound = measured.filter((cell) => evidence.valueOf(cell, metric)?.valid)
  return sound.length > 0 ? sound : measured
}

/** The best value of the compared axis in each contested panel that has several. */
function bestByPanel(evidence: Evidence, { metric, cells }: Shown): string[] {
  const sign = metrics[metric].better === 'lower' ? -1 : 1
  const rank = (cell: ShownCell) => sign * (evidence.valueOf(cell, metric)?.value ?? 0)
  return contested(Map.groupBy(cells, (cell) => panelOf(evidence, cell)).values())
    .filter((ofPanel) => ofPanel.length > 1)
    .flatMap((ofPanel) => ofPanel.toSorted((a, b) => rank(b) - rank(a))[0]?.arm.value ?? [])
}
