import type { JsonObject, JsonValue } from '../domain/json.ts'
import { fillChart, type PostChartName } from './chart.ts'
import type { Figure } from './figure.ts'
import type { TemplateFiles } from './template-files.ts'

/** A figure of a post before it is drawn: a chart over a table, or over what follows from one. */
export type PostFigure = {
  id: string
  /** What is seen. */
  title: string
  /** Unit, where the figures come from, and what is drawn, as short as it can be. */
  subtitle: string
  /** What else the marks are, and what was left out. */
  reading?: string
  /** The chart in words, for who cannot see it. */
  alt: string
  chart: PostChartName
  /** What the chart's template asks for. */
  values: Readonly<Record<string, JsonValue>>
  /** The same figures as a table. */
  twin: Figure['twin']
}

/** The Vega-Lite specification of `figure`, for `drawChart` and `staticChart`. */
export function postFigureSpec(
  figure: PostFigure,
  { charts, chartConfig }: Pick<TemplateFiles, 'charts' | 'chartConfig'>,
): JsonObject {
  return fillChart(charts[figure.chart], { ...figure.values, config: chartConfig })
}
