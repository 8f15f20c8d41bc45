import type { JsonValue } from '../domain/json.ts'

/** A value of an axis or a field: short. */
export function shown(value: JsonValue | undefined): string {
  const text = value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
