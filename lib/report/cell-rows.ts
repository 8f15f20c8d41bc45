import type { Metric } from '../domain/metric.ts'
import type { ChartRow } from './chart.ts'
import type { ShownCell } from './comparison.ts'
import type { CellValue, Evidence } from './evidence.ts'
import { numberCell, textCell, type TwinCell } from './figure.ts'
import { gapReason } from './gap-reason.ts'
import { inShownUnit, missing, shownUnit, shownValue } from './numbers.ts'
import { rawPoints, thinned } from './raw-points.ts'
import { labelOf } from './metric-words.ts'

/**
 * The rows of a chart of one metric by cell: its estimate, the interval where there is one, and the raw points behind; a
 * cell without a value says why.
 */
export function cellRows(evidence: Evidence, cells: readonly ShownCell[], metric: Metric): ChartRow[] {
  return cells.flatMap((cell) => rowsOf(evidence, cell, metric))
}

function rowsOf(evidence: Evidence, cell: ShownCell, metric: Metric): ChartRow[] {
  const base = { arm: cell.arm.index, label: cell.arm.value, panel: panelOf(evidence, cell), order: cell.index }
  const found = evidence.valueOf(cell, metric)
  if (found === undefined) return [{ ...base, kind: 'missing', text: gapReason(evidence, cell) }]
  const unit = shownUnit(metric)
  const points = thinned(rawPoints(evidence, cell, metric))
  const { low, high } = found.interval ?? { low: null, high: null }
  const end = Math.max(found.value, high ?? 0)
  const last = Math.max(found.value, ...points.map((point) => point.value))
  const shown = shownValue(metric, found.value, found.interval)
  const within = (value: number | null) => (value === null ? null : inShownUnit(metric, value))
  const estimate = {
    ...base,
    value: inShownUnit(metric, found.value),
    // Its label stands right of its mark and of what is drawn on the same line: the interval, or the raw points.
    end: inShownUnit(metric, end),
    last: inShownUnit(metric, last),
    text: shown.text,
    invalid: !found.valid,
    tip: `${cell.name}\n${labelOf(evidence, metric)} ${shown.text} ${shown.half} ${unit}`.replaceAll(/ +/g, ' '),
  }
  return [
    ...(low === null ? [] : [{ ...base, kind: 'interval', low: within(low), high: within(high) }]),
    ...points.map((point) => ({
      ...base,
      kind: 'raw',
      value: inShownUnit(metric, point.value),
      invalid: !point.valid,
      tip: `${cell.name}\n${shownValue(metric, point.value).text} ${unit}\n${point.label}`,
    })),
    { ...estimate, kind: 'estimate' },
  ]
}

/** Where nothing but the compared axis varies a panel bears the group's name. */
export function panelOf(evidence: Evidence, cell: ShownCell): string {
  return cell.panel === '' ? cell.arm.group || evidence.words('chart.all') : cell.panel
}

/** The table twin of `cellRows`. */
export function cellTwin(evidence: Evidence, cells: readonly ShownCell[], metric: Metric) {
  const { words } = evidence
  const unit = [labelOf(evidence, metric), shownUnit(metric)].filter((part) => part !== '').join(', ')
  return {
    head: [
      textCell(words('twin.cell')),
      numberCell(unit),
      numberCell(words('twin.low')),
      numberCell(words('twin.high')),
      numberCell(words('twin.launches')),
    ],
    rows: cells.map((cell) => {
      const found = evidence.valueOf(cell, metric)
      if (found === undefined)
        return [
          textCell(cell.name),
          ...[gapReason(evidence, cell), missing, missing, '0'].map((text) => numberCell(text)),
        ]
      return twinCells(cell, metric, found)
    }),
  }
}

/** A cell in a table: its name, value, both ends of the interval and launches. */
export function twinCells(cell: ShownCell, metric: Metric, { value, interval, n }: CellValue): TwinCell[] {
  const shown = (one: number | undefined) => (one === undefined ? missing : shownValue(metric, one, interval).text)
  return [
    textCell(cell.name),
    numberCell(shown(value), `#cell-${cell.index + 1}`),
    numberCell(shown(interval?.low)),
    numberCell(shown(interval?.high)),
    numberCell(String(n)),
  ]
}
