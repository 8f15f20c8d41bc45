import type { JsonObject, JsonValue } from '../domain/json.ts'
import { boundUnits } from './bound-units.ts'

export type WordValues = Readonly<Record<string, string | number>>
/**
 * All that a report says, by the dotted keys of `reports/strings/<language>.yaml`. `{name}` is replaced by the value of
 * that name; an entry with `one` and `other` is chosen by the value `n`.
 */
export type Words = (key: string, values?: WordValues) => string

/** Looks words up in parsed strings. Throws where a key or a value is missing: that is a bug in code or in the strings. */
export function wordsOf(strings: JsonObject): Words {
  return (key, values = {}) => boundUnits(fill(key, entryOf(strings, key, values), values))
}

function entryOf(strings: JsonObject, key: string, values: WordValues): string {
  let entry: JsonValue | undefined = strings
  for (const step of key.split('.')) entry = isObject(entry) && Object.hasOwn(entry, step) ? entry[step] : undefined
  if (isObject(entry)) entry = entry[values['n'] === 1 || values['n'] === '1' ? 'one' : 'other']
  if (typeof entry !== 'string') throw new Error(`reports/strings: there is no text for ${key}`)
  return entry
}

function fill(key: string, text: string, values: WordValues): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`reports/strings: ${key} wants {${name}}, which was not given`)
    return String(value)
  })
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
