import type { JsonObject } from '../domain/json.ts'
import { display } from './kernel.ts'
import { NotebookError } from './told.ts'

/** A Vega-Lite specification: https://vega.github.io/vega-lite/docs. Rows of the store go into `data: { values: rows }`. */
export type VegaLiteSpec = { readonly [key: string]: unknown }

/** What JupyterLab and VS Code register for Vega-Lite, also for specifications of version 6. */
const mime = 'application/vnd.vegalite.v5+json'

/**
 * Shows a chart: live where Vega-Lite is known, else as SVG, else as `text`. Returns once it is drawn.
 *
 * @example
 * await vegaLite({
 *   data: { values: plan.requests() },
 *   mark: 'point',
 *   encoding: { x: { field: 'ordinal', type: 'ordinal' }, y: { field: 'ttft_ms', type: 'quantitative' } },
 * })
 * @throws {NotebookError} where Vega-Lite makes nothing of the specification.
 */
export async function vegaLite(spec: VegaLiteSpec, text = 'a Vega-Lite chart'): Promise<void> {
  const { drawChart } = await import('../report/draw-chart.ts') // vega has a top-level await: a kernel cannot require it
  const { svg } = await drawChart(spec as JsonObject).catch((error: Error) => {
    throw new NotebookError(`the chart cannot be drawn: ${error.message}\nhttps://vega.github.io/vega-lite/docs`)
  })
  display({ [mime]: { ...spec }, 'image/svg+xml': svg, 'text/plain': text })
}
