import type { JsonObject } from '../domain/json.ts'
import { type ChartName, fillChart, type PostChartName } from './chart.ts'
import type { Figure } from './figure.ts'
import type { TemplateFiles } from './template-files.ts'

/** A figure of a post, whatever it is of. */
export type PostFigure = Omit<Figure, 'metric' | 'group' | 'chart'> & {
  chart: ChartName | PostChartName
  /** The chart in words, for who cannot see it; its title where there is none. */
  alt?: string
}
/** One of a table, or of what follows from one. */
export type TableFigure = PostFigure & { chart: PostChartName; alt: string }

/** The Vega-Lite specification of `figure`, for `drawChart` and `staticChart`. */
export function postFigureSpec(
  { chart, values }: PostFigure,
  { charts, chartConfig }: Pick<TemplateFiles, 'charts' | 'chartConfig'>,
): JsonObject {
  return fillChart(charts[chart], { ...values, config: chartConfig })
}
