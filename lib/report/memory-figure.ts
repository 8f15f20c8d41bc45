import type { Metric } from '../domain/metric.ts'
import { cellRows, cellTwin } from './cell-rows.ts'
import type { ShownCell } from './comparison.ts'
import { countRange } from './count-range.ts'
import { measuredSpeeds } from './contrast.ts'
import type { Evidence } from './evidence.ts'
import { scalesOf, type Figure } from './figure.ts'
import { shownUnit, shownValue } from './numbers.ts'
import { labelOf, namedWithUnit } from './metric-words.ts'
import { validOnly } from './valid-only.ts'

const memories = ['pss_peak_bytes', 'rss_peak_bytes'] as const satisfies readonly Metric[]

/** Peak memory by cell, of the workload whose speed is measured: PSS, where it could be read; GPU memory where there is any. */
export function memoryFigures(evidence: Evidence): Figure[] {
  const cells = memoryCells(evidence)
  const has = (metric: Metric) => cells.some((cell) => evidence.valueOf(cell, metric) !== undefined)
  const host = memories.find(has)
  const shown = [...(host === undefined ? [] : [host]), ...(has('vram_peak_bytes') ? ['vram_peak_bytes' as const] : [])]
  return shown.map((metric) => memoryFigure(evidence, metric, cells))
}

/** One cell of each arm, at the first setting of each group: the others differ little and stand in the matrix. */
function memoryCells(evidence: Evidence): ShownCell[] {
  const [speed] = measuredSpeeds(evidence)
  const cells = speed?.cells ?? evidence.comparison.cells
  const first = new Map<string, ShownCell>()
  for (const cell of cells) first.set(cell.arm.group, first.get(cell.arm.group) ?? cell)
  return cells.filter((cell) => {
    const like = first.get(cell.arm.group)
    return like?.panel === cell.panel && like.kind === cell.kind
  })
}

function leavesSomeOut({ comparison, valueOf }: Evidence, metric: Metric, cells: readonly ShownCell[]): boolean {
  const kinds = new Set(cells.map(({ kind }) => kind))
  return comparison.cells.some(
    (cell) => kinds.has(cell.kind) && !cells.includes(cell) && valueOf(cell, metric) !== undefined,
  )
}

function memoryFigure(evidence: Evidence, metric: Metric, cells: readonly ShownCell[]): Figure {
  const { words } = evidence
  const arms = cells.map((cell) => cell.arm)
  const panels = cells.map((cell) => ({
    ...cell,
    panel: [cell.arm.group, cell.panel].filter((part) => part !== '').join(' · '),
  }))
  const counts = cells.map((cell) => evidence.valueOf(cell, metric)?.points.length ?? 0)
  const launches = Math.max(0, ...counts)
  // A stroke at the end of the only launch's bar would say nothing.
  const rows = cellRows(evidence, panels, metric).filter((row) => launches > 1 || row['kind'] !== 'raw')
  const notes = [
    words('chart.memory', { label: labelOf(evidence, metric), unit: shownUnit(metric) }),
    ...(leavesSomeOut(evidence, metric, cells) ? [words('chart.memory-others')] : []),
    words('chart.memory-ticks', { n: countRange(words, counts) }),
    ...(rows.some((row) => row['invalid'] === true) ? [words('chart.hollow')] : []),
  ]
  return {
    id: metric,
    metric,
    group: '',
    title: title(evidence, metric, cells),
    subtitle: notes.join('; '),
    wide: false,
    chart: 'memory',
    values: {
      rows,
      ...scalesOf(evidence, arms),
      least: 0,
      unitTitle: namedWithUnit(evidence, metric),
      most: 1.1 * Math.max(0, ...rows.map((row) => Number(row['last'] ?? 0))),
    },
    twin: cellTwin(evidence, cells, metric),
  }
}

/** Most and least in the group that takes most: there memory matters. Invalid ones only where there are no others. */
function title(evidence: Evidence, metric: Metric, cells: readonly ShownCell[]): string {
  const found = cells.flatMap((cell) => {
    const value = evidence.valueOf(cell, metric)
    return value === undefined
      ? []
      : [{ cell, value, text: `${shownValue(metric, value.value, value.interval).text} ${shownUnit(metric)}` }]
  })
  const measured = found.some(({ value }) => value.valid) ? found.filter(({ value }) => value.valid) : found
  const most = measured.toSorted((a, b) => b.value.value - a.value.value)[0]
  const same = measured.filter(({ cell }) => cell.arm.group === most?.cell.arm.group && cell.panel === most.cell.panel)
  const least = same.toSorted((a, b) => a.value.value - b.value.value)[0]
  if (most === undefined || least === undefined) return labelOf(evidence, metric)
  const { group, value } = most.cell.arm
  const on = group === '' ? '' : evidence.words('chart.on', { group })
  const note = validOnly(evidence.words, found.length - measured.length)
  if (most === least) return evidence.words('chart.memory-one', { on, most: value, mostValue: most.text }) + note
  const text = evidence.words('chart.memory-title', {
    on,
    most: value,
    mostValue: most.text,
    least: least.cell.arm.value,
    leastValue: least.text,
  })
  return text + note
}
