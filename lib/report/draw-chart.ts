import * as vega from 'vega'
import { expressionInterpreter } from 'vega-interpreter'
import { compile, type TopLevelSpec } from 'vega-lite'
import type { JsonObject } from '../domain/json.ts'
import { contentDigest } from './content-digest.ts'
import { numberLocale } from './numbers.ts'
import { packChart } from './pack-chart.ts'
import { scriptJson } from './script-json.ts'
import { textWidth } from './text-width.ts'

// Exported, but missing from its types.
const { textMetrics } = vega as unknown as {
  textMetrics: { width: (item: TextItem, text?: string | number) => number }
}
type TextItem = { fontSize?: number; limit?: number }

export type DrawnChart = {
  /** Complete, to be seen without scripts. */
  svg: string
  /** What the page's runtime draws again and what a reader may take along, packed, as JSON for a script element. */
  json: string
}

/** Compiles a Vega-Lite specification and draws it: no canvas, no fonts, no locale, so the same everywhere. */
export async function drawChart(spec: JsonObject): Promise<DrawnChart> {
  // Its warnings are about layouts that the templates mean; a test looks at what is drawn.
  const compiled = compile(spec as unknown as TopLevelSpec, { logger: vega.logger(vega.None) }).spec
  const drawn: vega.Spec = { ...compiled, config: { ...compiled.config, locale: { number: numberLocale } } }
  const view = new vega.View(vega.parse(drawn, {}, { ast: true }), { renderer: 'none', expr: expressionInterpreter })
  measureByTable()
  const svg = ownIds(shorter(await view.toSVG()), contentDigest(spec).slice(0, 8))
  view.finalize()
  const lite = { ...spec, config: { ...(spec['config'] as JsonObject), locale: { number: numberLocale } } }
  return { svg, json: scriptJson(packChart({ vega: drawn as unknown as JsonObject, lite })) }
}

/** Vega counts what is clipped through all charts of a process: which were drawn before would be seen in the bytes of this one. */
function ownIds(svg: string, name: string): string {
  const ids = [...svg.matchAll(/ id="(\w+)"/g)].map(([, id = '']) => id)
  return ids.reduce((text, id, at) => {
    const own = `clip-${name}-${at}`
    return text.replaceAll(` id="${id}"`, ` id="${own}"`).replaceAll(`(#${id})`, `(#${own})`)
  }, svg)
}

/** Hundredths of a pixel are not seen, but they are a third of a picture of a thousand points. */
function shorter(svg: string): string {
  return svg.replaceAll(/ (?:transform|d)="[^"]*"/g, (place) => place.replaceAll(/(\.\d{2})\d+/g, '$1'))
}

/** Where a canvas package happens to be installed, Vega would measure with its fonts. */
function measureByTable(): void {
  textMetrics.width = ({ fontSize, limit }, text) => {
    const width = textWidth(String(text ?? ''), fontSize ?? 11)
    return limit !== undefined && limit > 0 ? Math.min(width, limit) : width
  }
}
