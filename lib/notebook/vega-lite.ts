import type { JsonObject } from '../domain/json.ts'
import { display } from './kernel.ts'

/** A Vega-Lite specification: https://vega.github.io/vega-lite/docs. Rows of the store go into `data: { values: rows }`. */
export type VegaLiteSpec = { readonly [key: string]: unknown }

/** What JupyterLab and VS Code register for Vega-Lite, also for specifications of version 6. */
const mime = 'application/vnd.vegalite.v5+json'

/** Shows a chart: live where Vega-Lite is known, else as SVG, else as `text`. Returns once it is drawn. */
export async function vegaLite(spec: VegaLiteSpec, text = 'a Vega-Lite chart'): Promise<void> {
  const { drawChart } = await import('../report/draw-chart.ts') // vega has a top-level await: a kernel cannot require it
  const { svg } = await drawChart(spec as JsonObject)
  display({ [mime]: { ...spec }, 'image/svg+xml': svg, 'text/plain': text })
}
