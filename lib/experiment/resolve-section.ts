import type { JsonValue } from '../domain/json.ts'
import { checkValue, withPath } from '../parse/check-value.ts'
import type { Finding } from '../parse/explain-issue.ts'
import type { ProblemList } from './problem-list.ts'
import { sectionSchemas, type Section, type SectionName } from './sections.ts'
import { originOf, valueAt, withValueAt, type FieldOrigin, type Setting } from './setting.ts'

/** A setting and where in its section it goes; the first layer of a section has the path `[]`. */
export type Layer = { path: readonly string[]; setting: Setting }

/** A part of a cell with everything filled in, and the settings that made it, lowest precedence first. */
export type ResolvedSection<N extends SectionName> = { value: Section<N>; layers: readonly Layer[] }

type Options = {
  layers: readonly Layer[]
  /** What messages call it: `workload "decode"`. */
  title: string
  problems: ProblemList
}

/**
 * Lays settings over each other and checks the whole; what does not fit is told where it was written. A `--set` whose path
 * this section does not have is left out of it: `unreached` says which.
 */
export function resolveSection<N extends SectionName>(
  name: N,
  { layers, title, problems }: Options,
): { resolved?: ResolvedSection<N>; unreached: readonly Layer[] } {
  const raw = layers.reduce<unknown>((below, layer) => {
    const { path, setting } = layer
    return withValueAt(withoutRival(below, layer, layers), path, setting.value === undefined ? {} : setting.value)
  }, {})
  const checked = checkValue(sectionSchemas[name], raw)
  if (checked.status === 'ok') return { resolved: { value: checked.value as Section<N>, layers }, unreached: [] }
  const unreached = layers.filter((layer) => checked.findings.some((finding) => isUnreached(layer, finding)))
  if (unreached.length > 0) {
    const reaching = layers.filter((layer) => !unreached.includes(layer))
    const again = resolveSection(name, { layers: reaching, title, problems })
    return { ...again, unreached: [...unreached, ...again.unreached] }
  }
  for (const finding of checked.findings) addFinding(finding, { layers, title, problems })
  return { unreached: [] }
}

/** Of these a cell has one. */
const rivals: Readonly<Record<string, string>> = { requests: 'duration', duration: 'requests' }

/** A field that is set takes the place of its rival from below; where one and the same source sets both, both are there. */
function withoutRival(below: unknown, { path, setting }: Layer, layers: readonly Layer[]): unknown {
  const rival = path.length === 1 ? rivals[path[0] ?? ''] : undefined
  const isBeside = layers.some((each) => each.path[0] === rival && each.setting.from === setting.from)
  if (rival === undefined || isBeside || valueAt(below, [rival]) === undefined) return below
  const { [rival]: _, ...rest } = below as Record<string, unknown>
  return rest
}

function isUnreached({ path, setting }: Layer, finding: Finding): boolean {
  return setting.from === '--set' && finding.kind === 'unknown-key' && startsWith(path, finding.path)
}

/** Tells a finding at the last setting that has to do with it. */
function addFinding({ path, on, kind, message }: Finding, { layers, title, problems }: Options): void {
  const layer = layers.findLast((each) => startsWith(path, each.path) || startsWith(each.path, path))
  if (layer === undefined) return
  const below = path.slice(layer.path.length)
  const labelled = on === 'key' ? below.slice(0, -1) : below
  const about = kind === 'unknown-key' ? `in ${title}: ${message}` : message
  problems.add(layer.setting.place(below, on), withPath([...layer.setting.label, ...labelled], about))
}

function startsWith(path: readonly PropertyKey[], start: readonly PropertyKey[]): boolean {
  return start.every((step, index) => path[index] === step)
}

/** The setting that gave the field at `path` its value, and what of the path is below that setting. */
export function settingOf(
  layers: readonly Layer[],
  path: readonly string[],
): { setting: Setting; rest: readonly string[] } | undefined {
  const layer = layers.findLast(
    (each) => startsWith(path, each.path) && valueAt(each.setting.value, path.slice(each.path.length)) !== undefined,
  )
  return layer && { setting: layer.setting, rest: path.slice(layer.path.length) }
}

/** The fields of a cell by dotted path, each with its value (a list is one field, a file its name) and where it is from. */
export type FieldOrigins = readonly { path: string; value: JsonValue; origin: FieldOrigin }[]

/** Where each field of a section got its value. */
export function fieldOrigins({ value, layers }: ResolvedSection<SectionName>, prefix: string): FieldOrigins {
  return leavesOf(value, []).map(({ path, value: leaf }) => {
    const found = settingOf(layers, path)
    return {
      path: [prefix, ...path].join('.'),
      value: leaf as JsonValue,
      origin: originOf(found?.setting, found?.rest),
    }
  })
}

function leavesOf(value: unknown, path: readonly string[]): { path: readonly string[]; value: unknown }[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ path, value }]
  return Object.entries(value).flatMap(([key, below]) => (below === undefined ? [] : leavesOf(below, [...path, key])))
}
