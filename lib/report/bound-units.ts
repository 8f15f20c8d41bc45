import type { JsonValue } from '../domain/json.ts'
import { thinSpace } from './numbers.ts'

const noBreak = '\u00a0'

/** `text` whose numbers keep their sign of percent, `ms`, `s` or `µs` on their line; Korean puts its particles right behind. */
export function boundUnits(text: string): string {
  return text.replaceAll(/(?<=[\d}]) (%|µs|ms|s)(?![\p{Script=Latin}\d])/gu, (_, unit: string) =>
    unit === '%' ? thinSpace + unit : noBreak + unit,
  )
}

/** The same of every text within `strings`. */
export function withBoundUnits(strings: JsonValue): JsonValue {
  if (typeof strings === 'string') return boundUnits(strings)
  if (typeof strings !== 'object' || strings === null) return strings
  if (Array.isArray(strings)) return strings.map(withBoundUnits)
  return Object.fromEntries(Object.entries(strings).map(([key, item]) => [key, withBoundUnits(item)]))
}
