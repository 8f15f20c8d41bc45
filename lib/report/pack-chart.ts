import type { JsonObject, JsonValue } from '../domain/json.ts'

/** A chart as the page carries it: `{"$table": n}` in a specification stands for the nth table. */
export type PackedChart = { tables: readonly JsonValue[]; vega: JsonValue; lite: JsonValue }

/** Vega-Lite's specification and what it was compiled to have the same data: here it stands once. */
export function packChart(specs: { vega: JsonObject; lite: JsonObject }): PackedChart {
  const tables: JsonValue[] = []
  const known = new Map<string, number>()
  const place = (table: JsonValue): JsonValue => {
    const text = JSON.stringify(table)
    const at = known.get(text) ?? tables.push(table) - 1
    known.set(text, at)
    return { $table: at }
  }
  const packed = (part: JsonValue, key: string): JsonValue => {
    if (typeof part !== 'object' || part === null) return part
    if (Array.isArray(part))
      return key === 'values' && isTable(part) ? place(part) : part.map((item) => packed(item, ''))
    return Object.fromEntries(Object.entries(part).map(([name, item]) => [name, packed(item, name)]))
  }
  const [vega, lite] = [packed(specs.vega, ''), packed(specs.lite, '')]
  return { tables, vega, lite }
}

const isTable = (part: readonly JsonValue[]) => part.length > 0 && part.every((row) => typeof row === 'object')
