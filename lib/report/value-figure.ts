import { contested, winnersOf } from './contested.ts'
import { metrics, type Metric } from '../domain/metric.ts'
import { axisNotes, axisOf, closeAxis, rowsWithin } from './axis.ts'
import { cellRows, cellTwin, panelOf } from './cell-rows.ts'
import type { ShownCell } from './comparison.ts'
import { contrastsOf, widest } from './contrast.ts'
import { countRange } from './count-range.ts'
import type { Evidence } from './evidence.ts'
import { scalesOf, type Figure } from './figure.ts'
import { shownUnit, shownValue, significant } from './numbers.ts'
import { mostDots, pointCount, rawPoints } from './raw-points.ts'
import { labelOf, namedWithUnit } from './metric-words.ts'
import { validOnly } from './valid-only.ts'

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
    values: {
      rows: rowsWithin(rows, axis),
      ...scalesOf(evidence, arms),
      ...axis,
      unitTitle: namedWithUnit(evidence, metric),
    },
    twin: cellTwin(evidence, cells, metric),
  }
}

function subtitleOf(evidence: Evidence, { metric, cells }: Shown): string[] {
  const { words } = evidence
  const n = Math.max(...cells.map((cell) => evidence.valueOf(cell, metric)?.n ?? 0))
  const all = cells.flatMap((cell) => rawPoints(evidence, cell, metric))
  const unit = shownUnit(metric)
  return [
    unit === '' ? labelOf(evidence, metric) : `${labelOf(evidence, metric)}, ${unit}`,
    words(n > 1 ? 'chart.interval' : 'chart.no-interval'),
    ...dotNotes(evidence, metric, cells),
    ...(all.some((point) => !point.valid) ? [words('chart.hollow')] : []),
  ]
}

/** What dots are: launches; of what was launched once, its requests. */
function dotNotes(evidence: Evidence, metric: Metric, cells: readonly ShownCell[]): string[] {
  const { words } = evidence
  const kinds = Map.groupBy(cells, (cell) => rawPoints(evidence, cell, metric)[0]?.of)
  return (['launch', 'request'] as const).flatMap((of) => {
    const counts = (kinds.get(of) ?? []).map((cell) => pointCount(evidence, cell, metric))
    if (counts.length === 0) return []
    const several = kinds.has('launch') ? 'chart.dots-lone' : 'chart.dots-requests'
    const note = words(of === 'launch' ? 'chart.dots-launches' : several, { n: countRange(words, counts) })
    return [note + (Math.max(...counts) > mostDots ? words('chart.thinned', { n: mostDots }) : '')]
  })
}

/** Rests on valid cells where there are any, and says so where others have a value. */
function titleOf(evidence: Evidence, shown: Shown): string {
  const { measured, sound } = soundCells(evidence, shown)
  return titleOfSound(evidence, { ...shown, cells: sound }) + validOnly(evidence.words, measured.length - sound.length)
}

function titleOfSound(evidence: Evidence, shown: Shown): string {
  const { words } = evidence
  const { metric, group, cells } = shown
  const contrasts = contrastsOf(evidence, metric, cells)
  const most = widest(contrastsOf(evidence, metric, contested(panelsOf(evidence, cells)).flat()))
  if (most === undefined) return titleOfOne(evidence, shown)
  const parts = { does: words(`chart.best.${metric}`), on: group === '' ? '' : words('chart.on', { group }) }
  const [best, ...others] = bestOf(evidence, shown)
  if (best === undefined || others.length > 0) return words('chart.depends', parts)
  const base = most.base.arm.value
  if (best === base) {
    return words('chart.base-best', { ...parts, best, other: most.other.arm.value, ratio: significant(most.ratio) })
  }
  // Where the first arm has no sound value another is the base: that ratio is not one to `base`.
  const ratios = contrasts
    .filter((each) => each.other.arm.value === best && each.base.arm.value === base)
    .map((each) => each.ratio)
  return words('chart.best-of', { ...parts, best, base, ratio: rangeText(evidence, ratios) })
}

/** `1.95`, or `1.44 to 1.95` where panels differ. */
function rangeText({ words }: Evidence, ratios: readonly number[]): string {
  const [low, high] = [significant(Math.min(...ratios)), significant(Math.max(...ratios))]
  return low === high ? low : words('range', { low, high })
}

function titleOfOne(evidence: Evidence, { metric, cells, group }: Shown): string {
  const values = cells.flatMap((cell) => evidence.valueOf(cell, metric) ?? [])
  const [only] = values
  const label = labelOf(evidence, metric)
  if (only === undefined) return label
  const shownOne = shownValue(metric, only.value, only.interval).text
  const all = values.map(({ value }) => value)
  const value = `${all.length > 1 ? rangeText(evidence, all) : shownOne} ${shownUnit(metric)}`.trim()
  const arms = [...new Set(cells.map(({ arm }) => arm.value))]
  // Of several arms none is the one that has all of it.
  const name = group || (arms.length === 1 ? arms[0] : undefined)
  return name === undefined ? `${label} ${value}` : evidence.words('chart.single', { name, label, value })
}

/** The cells that have a value, and of these those with a valid trial, where there are any. */
function soundCells(evidence: Evidence, { metric, cells }: Shown): { measured: ShownCell[]; sound: ShownCell[] } {
  const measured = cells.filter((cell) => evidence.valueOf(cell, metric) !== undefined)
  const sound = measured.filter((cell) => evidence.valueOf(cell, metric)?.valid)
  return { measured, sound: sound.length > 0 ? sound : measured }
}

/** The values of the compared axis that are best in panels that have several. */
function bestOf(evidence: Evidence, { metric, cells }: Shown): string[] {
  const sign = metrics[metric].better === 'lower' ? -1 : 1
  const rank = (cell: ShownCell) => sign * (evidence.valueOf(cell, metric)?.value ?? 0)
  const panels = panelsOf(evidence, cells).filter((ofPanel) => ofPanel.length > 1)
  return winnersOf(panels.map((ofPanel) => ofPanel.toSorted((a, b) => rank(b) - rank(a)).map(({ arm }) => arm.value)))
}

function panelsOf(evidence: Evidence, cells: readonly ShownCell[]): ShownCell[][] {
  return [...Map.groupBy(cells, (cell) => panelOf(evidence, cell)).values()]
}
