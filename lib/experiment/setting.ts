import type { JsonValue } from '../domain/json.ts'
import { placeName, type Place } from '../parse/problem.ts'
import type { SourceDocument } from '../parse/yaml-document.ts'

/** Where a catalogue's entry or a setting comes from, lowest precedence first. */
export type SettingSource = 'built-in' | 'lab' | 'file' | 'axis' | 'override' | '--set'

/** A value that somebody wrote, with where that was. */
export type Setting = {
  value: JsonValue
  from: SettingSource
  /** The path that messages begin with: `axes.backend.threads.1`. */
  label: readonly PropertyKey[]
  /** The place of what is below the value. */
  place: (rest?: readonly PropertyKey[], on?: 'key' | 'value') => Place
}

/** What a document says at a path. */
export function settingAt(document: SourceDocument, path: readonly PropertyKey[], from: SettingSource): Setting {
  return {
    value: valueAt(document.value, path) as JsonValue,
    from,
    label: path,
    place: (rest = [], on = 'value') => document.place([...path, ...rest], on),
  }
}

/** What is below a setting, as a setting of its own. */
export function settingBelow(setting: Setting, path: readonly string[]): Setting {
  return {
    ...setting,
    value: valueAt(setting.value, path) as JsonValue,
    label: [...setting.label, ...path],
    place: (rest = [], on = 'value') => setting.place([...path, ...rest], on),
  }
}

/** What lies below a value; `undefined` where nothing does. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let below = value
  for (const step of path) {
    if (typeof below !== 'object' || below === null || !Object.hasOwn(below, step)) return undefined
    below = (below as Record<PropertyKey, unknown>)[step]
  }
  return below
}

/** A copy with the value at `path` replaced; what is missing on the way there is made. */
export function withValueAt(value: unknown, path: readonly string[], replacement: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return replacement
  const fields = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
  return { ...fields, [step]: withValueAt(valueAt(fields, [step]), rest, replacement) }
}

/** Where a field of a cell got its value; `where` is `file:line:column` or the argument. */
export type FieldOrigin = { from: 'default' } | { from: SettingSource; where: string }

/** The origin of what `setting` says at `rest`; without a setting it is a default. */
export function originOf(setting: Setting | undefined, rest: readonly string[] = []): FieldOrigin {
  return setting === undefined ? { from: 'default' } : { from: setting.from, where: placeName(setting.place(rest)) }
}
