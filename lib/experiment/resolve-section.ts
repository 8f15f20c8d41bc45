import type { JsonValue } from '../domain/json.ts'
import { checkValue, withPath } from '../parse/check-value.ts'
import type { Finding } from '../parse/explain-issue.ts'
import { placeName } from '../parse/problem.ts'
import { laidTogether, startsWith, type Layer, type Unreached } from './lay-settings.ts'
import type { ProblemList } from './problem-list.ts'
import { sectionSchemas, type Section, type SectionName } from './sections.ts'
import { originOf, valueAt, type FieldOrigin, type Setting } from './setting.ts'

/** A part of a cell with everything filled in, and the settings that made it, lowest precedence first. */
export type ResolvedSection<N extends SectionName> = { value: Section<N>; layers: readonly Layer[] }

type Options = {
  name: SectionName
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
  { layers, title, problems }: Omit<Options, 'name'>,
): { resolved?: ResolvedSection<N>; unreached: readonly Unreached[] } {
  const { raw, barred } = laidTogether(layers, name)
  const [first] = barred
  if (first !== undefined && first.layer.setting.from !== '--set') {
    problems.addFor(first.layer.setting, `cannot be set${first.why}`, 'key')
    return { unreached: [] }
  }
  const checked = checkValue(sectionSchemas[name], raw)
  if (checked.status === 'ok' && first === undefined)
    return { resolved: { value: checked.value as Section<N>, layers }, unreached: [] }
  const findings = checked.status === 'ok' ? [] : checked.findings
  const unreached = [...barred, ...layers.flatMap((layer) => unknownTo(findings, layer) ?? [])]
  if (unreached.length > 0) {
    const reaching = layers.filter((layer) => !unreached.some((each) => each.layer === layer))
    const again = resolveSection(name, { layers: reaching, title, problems })
    return { ...again, unreached: [...unreached, ...again.unreached] }
  }
  const outdated = findings.filter((finding) => name === 'backend' && isOutdated(finding, layers))
  if (outdated.length > 0) return resolveSection(name, { layers: withoutKeys(layers, outdated), title, problems })
  for (const finding of findings) addFinding(finding, { name, layers, title, problems })
  return { unreached: [] }
}

function unknownTo(findings: readonly Finding[], layer: Layer): Unreached | undefined {
  if (layer.setting.from !== '--set') return undefined
  const found = findings.find(({ kind, path }) => kind === 'unknown-key' && startsWith(layer.path, path))
  if (found === undefined) return undefined
  const isServers = layer.path.join('.') === 'url'
  return {
    layer,
    hint: `${found.hint ?? ''}${isServers ? '; --set backend.kind=vllm besides asks a server instead' : ''}`,
  }
}

/** A setting of the engine in whose place `--set backend.kind` puts another one, which has no such setting. */
function isOutdated({ kind, path, kinds = [] }: Finding, layers: readonly Layer[]): boolean {
  if (kind !== 'unknown-key' || path.length !== 1 || kinds.length === 0) return false
  return layers.some((each) => each.setting.from === '--set' && each.path.join('.') === 'kind')
}

/** Settings without these keys of the section. */
function withoutKeys(layers: readonly Layer[], findings: readonly Finding[]): readonly Layer[] {
  const keys = new Set(findings.map(({ path }) => path[0]))
  return layers.flatMap((layer) => {
    const { path, setting } = layer
    if (path.length > 0) return keys.has(path[0]) ? [] : [layer]
    const kept = Object.entries(setting.value as object).filter(([key]) => !keys.has(key))
    return [{ path, setting: { ...setting, value: Object.fromEntries(kept) } }]
  })
}

/** Tells a finding at the last setting that has to do with it. */
function addFinding(finding: Finding, options: Options): void {
  const { path, on, kind, message } = finding
  const { layers, title, problems, name } = options
  const layer = layers.findLast((each) => startsWith(path, each.path) || startsWith(each.path, path))
  if (layer === undefined) return
  const chooser = kindSetter(finding, layers)
  const about = kind === 'unknown-key' && layer.path.length > 0 ? `in ${title}: ${message}` : message
  if (chooser !== undefined && layers.indexOf(chooser) > layers.indexOf(layer)) {
    const { place, label } = chooser.setting
    const written =
      kind === 'unknown-key' ? ` (${placeName(layer.setting.place(path.slice(layer.path.length), on))})` : ''
    const where = [name, ...(on === 'key' ? path.slice(0, -1) : path)].join('.')
    return problems.add(place(), withPath(label, `${where}: ${about}${written}`))
  }
  const below = path.slice(layer.path.length)
  const labelled = on === 'key' ? below.slice(0, -1) : below
  // What is wrong above the path that was set has to be named.
  const named = path.length < layer.path.length ? `${withPath([name, ...path], about)}: set it whole` : about
  problems.add(layer.setting.place(below, on), withPath([...layer.setting.label, ...labelled], named))
}

/** The setting that said of which kind a thing is that now lacks a key, or has one too many. */
function kindSetter({ kind, path }: Finding, layers: readonly Layer[]): Layer | undefined {
  if (kind === 'other') return undefined
  const kindPath = [...path.slice(0, -1), 'kind']
  return layers.findLast((each) => each.path.length === kindPath.length && startsWith(each.path, kindPath))
}

/** The setting that gave the field at `path` its value, and what of the path is below that setting. */
export function settingOf(layers: readonly Layer[], path: readonly string[]): FoundSetting | undefined {
  const layer = layers.findLast(
    (each) => startsWith(path, each.path) && valueAt(each.setting.value, path.slice(each.path.length)) !== undefined,
  )
  return layer && { setting: layer.setting, rest: path.slice(layer.path.length) }
}

/** Where something was set. */
export type FoundSetting = { setting: Setting; rest: readonly string[] }

/** Of settings that do not go together the one to point at: what the command line says, else the first. */
export function toBlame(candidates: readonly (FoundSetting | undefined)[]): FoundSetting | undefined {
  const found = candidates.filter((each) => each !== undefined)
  return found.find(({ setting }) => setting.from === '--set') ?? found[0]
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
