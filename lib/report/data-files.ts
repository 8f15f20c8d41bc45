import { csvLine } from '../domain/csv.ts'
import { metrics, type Metric } from '../domain/metric.ts'
import { axisText } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { gapReason } from './gap-reason.ts'

/** A row of the data that a report carries: a metric of a cell, in the unit of the views, with all its digits. */
type DataRow = {
  cell: string
  axes: Readonly<Record<string, string>>
  metric: string
  unit: string
  value: number | null
  low: number | null
  high: number | null
  launches: number
  valid: boolean
  reason: string
}

/** The matrix as JSON and as CSV, a row per cell and metric; a cell without any has one row that says why. */
export function dataFilesOf(evidence: Evidence): { json: string; csv: string } {
  const rows = evidence.comparison.cells.flatMap((cell): DataRow[] => {
    const axes = Object.fromEntries(Object.entries(cell.cell.axes).map(([axis, value]) => [axis, axisText(value)]))
    const of = { cell: cell.cell.id, axes }
    const found = (Object.keys(metrics) as Metric[]).flatMap((metric): DataRow[] => {
      const value = evidence.valueOf(cell, metric)
      if (value === undefined) return []
      const { low = null, high = null } = value.interval ?? {}
      return [
        {
          ...of,
          metric,
          unit: metrics[metric].unit,
          value: value.value,
          low,
          high,
          launches: value.n,
          valid: value.valid,
          reason: '',
        },
      ]
    })
    const gap = { ...of, metric: '', unit: '', value: null, low: null, high: null, launches: 0, valid: false }
    return found.length > 0 ? found : [{ ...gap, reason: gapReason(evidence, cell) }]
  })
  return { json: `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`, csv: csvOf(rows) }
}

function csvOf(rows: readonly DataRow[]): string {
  const axes = [...new Set(rows.flatMap((row) => Object.keys(row.axes)))]
  const rest = ['metric', 'unit', 'value', 'low', 'high', 'launches', 'valid', 'reason'] as const
  const head = ['cell', ...axes, ...rest]
  const lines = rows.map((row) => [
    row.cell,
    ...axes.map((axis) => row.axes[axis] ?? ''),
    ...rest.map((name) => row[name]),
  ])
  return [head, ...lines].map(csvLine).join('')
}

/** What may stand in the path of a URL as it is, and makes up a third of JSON. */
const plainInUrl = /%(?:2C|3A|3B|2F|7B|7D|5B|5D)/g

/** A link that saves `content`: nothing is fetched. */
export function dataUrl(type: string, content: string): string {
  const encoded = encodeURIComponent(content.toWellFormed())
  return `data:${type};charset=utf-8,${encoded.replaceAll(plainInUrl, decodeURIComponent)}`
}
