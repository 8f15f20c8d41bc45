import type { JsonObject, JsonValue } from '../domain/json.ts'

/** Each is a file of `reports/charts`. */
export const chartNames = [
  'speed',
  'tradeoff',
  'memory',
  'distribution',
  'over-time',
  'by-number',
  'telemetry',
  'load-curve',
  'load-latency',
  'goodput',
  'by-prompt',
  'heat-map',
  'requests',
  'token-lengths',
  'history',
  'reading-pace',
  'intervals',
  'paired',
  'block-order',
] as const
export type ChartName = (typeof chartNames)[number]
/** Those of posts: charts over tables, each a file of `reports/charts` too. */
export const postChartNames = ['published-bars', 'published-points', 'marginal', 'reading-band'] as const
export type PostChartName = (typeof postChartNames)[number]
/** A row of a chart's data. Text in it reaches marks and axes as data, never as part of an expression. */
export type ChartRow = Readonly<Record<string, string | number | boolean | null>>

/**
 * A chart specification with what it shows: in the JSON template every string that is `$name` and nothing else stands for
 * `values.name`. Throws where the template names something that is not there.
 */
export function fillChart(template: JsonObject, values: Readonly<Record<string, JsonValue>>): JsonObject {
  return filled(template, values) as JsonObject
}

function filled(part: JsonValue, values: Readonly<Record<string, JsonValue>>): JsonValue {
  if (typeof part === 'string') {
    const name = /^\$(\w+)$/.exec(part)?.[1]
    if (name === undefined) return part
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value === undefined) throw new Error(`a chart in reports/charts wants $${name}, which was not given`)
    return value
  }
  if (typeof part !== 'object' || part === null) return part
  if (Array.isArray(part)) return part.map((item: JsonValue) => filled(item, values))
  return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, filled(item, values)]))
}
