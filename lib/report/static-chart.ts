import type { JsonObject } from '../domain/json.ts'
import { drawChart } from './draw-chart.ts'
import { standaloneChart } from './standalone-chart.ts'

const paper = { background: '#ffffff', padding: 12 }

/**
 * A filled chart as an SVG that is shown as an image, by itself: the colours that `style` (the text of the report's style
 * sheet) gives on light paper, on white of its own, so that it reads on a dark page too. The same bytes everywhere.
 */
export async function staticChart(spec: JsonObject, style: string): Promise<string> {
  return (await drawChart({ ...standaloneChart(spec, style), ...paper })).svg
}
