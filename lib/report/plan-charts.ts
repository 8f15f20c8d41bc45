import type { JsonObject } from '../domain/json.ts'
import type { Metric } from '../domain/metric.ts'
import type { PlanData } from '../domain/plan-data.ts'
import { type ChartName, fillChart } from './chart.ts'
import type { Figure } from './figure.ts'
import { reportView } from './report-view.ts'
import { standaloneChart } from './standalone-chart.ts'
import type { TemplateFiles } from './template-files.ts'
import { wordsOf } from './words.ts'

/** A chart of the report that stands by itself. */
export type PlanChart = {
  id: string
  chart: ChartName
  metric: Metric
  /** What is seen; then unit, n and what the marks are. */
  title: string
  subtitle: string
  /** Vega-Lite, complete. */
  spec: JsonObject
  /** The same figures as a table: a head and rows. */
  rows: readonly (readonly string[])[]
}

/** Every chart of a plan's report, in the order of the report. */
export function planCharts(data: PlanData, template: TemplateFiles): PlanChart[] {
  const view = reportView(data, wordsOf(template.strings), { store: '', templates: '' })
  const ofPairs = (view.verdicts?.pairs ?? []).flatMap(({ intervals, blocks }) => [...intervals, ...blocks])
  return [...view.answerFigures, ...ofPairs, ...view.figures].map((figure) => chartOf(figure, template))
}

function chartOf(figure: Figure, template: TemplateFiles): PlanChart {
  const { id, chart, metric, title, subtitle, twin } = figure
  const spec = fillChart(template.charts[chart], { ...figure.values, config: template.chartConfig })
  const rows = [twin.head, ...twin.rows].map((row) => row.map(({ text }) => text))
  return { id, chart, metric, title, subtitle, spec: standaloneChart(spec, template.style), rows }
}
