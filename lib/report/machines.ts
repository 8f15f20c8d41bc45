import type { JsonValue } from '../domain/json.ts'
import type { PlanData } from '../domain/plan-data.ts'
import { placeOfArm, type ShownArm } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { fieldText } from './field-text.ts'
import { missing, shownBytes } from './numbers.ts'
import { isToldByEngines, startedEnginesOf, type StartedEngines } from './started-engines.ts'

export type Fact = { field: string; text: string }
export type Machines = {
  /** What every launch saw alike. */
  common: readonly Fact[]
  /** What differs, field by field, and each arm's values of them. */
  fields: readonly { group: string; name: string }[]
  arms: readonly { index: number; name: string; values: readonly ArmValue[] }[]
  /** Commands and settings of engines; absent where none says them. */
  engines: StartedEngines | undefined
  /** What may change from launch to launch: from least to most. */
  conditions: readonly Fact[]
}

/** A field of an arm; `differs` where it is not as in the first arm. */
type ArmValue = { text: string; differs: boolean }
type Fields = ReadonlyMap<string, string>

/** The manifests of all launches: what they share once, what differs by arm, conditions as ranges. */
export function machinesOf(evidence: Evidence): Machines {
  const seen = launchFields(evidence.data)
  const engines = startedEnginesOf(evidence)
  const all = [...new Set(seen.flatMap(({ fields }) => [...fields.keys()]))]
  const names = engines === undefined ? all : all.filter((name) => !isToldByEngines(name))
  const valuesOf = (name: string) => new Set(seen.map(({ fields }) => fields.get(name) ?? missing))
  const common = names.filter((name) => valuesOf(name).size === 1)
  const differing = names.filter((name) => valuesOf(name).size > 1 && !isListedElsewhere(name))
  return {
    common: common.map((field) => ({ field, text: [...valuesOf(field)][0] ?? missing })),
    fields: differing.map((field) => {
      const at = field.lastIndexOf('.') + 1
      return { group: field.slice(0, at), name: field.slice(at) }
    }),
    arms: differing.length === 0 ? [] : armsOf(evidence, seen, differing),
    engines,
    conditions: conditionsOf(evidence),
  }
}

function armsOf(
  { comparison }: Evidence,
  seen: readonly LaunchFields[],
  differing: readonly string[],
): Machines['arms'] {
  const rows = comparison.arms.flatMap((arm) => {
    const own = seen.filter((launch) => placeOfArm(launch) === arm.place)
    const textOf = (field: string) =>
      [...new Set(own.map(({ fields }) => shortText(field, fields.get(field))))].join(' / ')
    return own.length === 0 ? [] : [{ index: arm.index, name: arm.name, texts: differing.map(textOf) }]
  })
  return rows.map(({ texts, ...arm }) => ({
    ...arm,
    values: texts.map((text, at) => ({ text, differs: text !== rows[0]?.texts[at] })),
  }))
}

/** Of an artifact its digest says that it differs; what it is stands with the artifacts. */
function isListedElsewhere(field: string): boolean {
  return field.startsWith('engine.artifact.') && field !== 'engine.artifact.digest'
}

/** Digests by their first digits, sizes without their bytes: what is compared stands whole elsewhere. */
export function shortText(field: string, text: string = missing): string {
  return /digest$/i.test(field) ? text.slice(0, 12) : text.replace(/ \(\d+\)$/, '')
}

/** The fields in which launches of one arm differ: then they are not repetitions of one setup. */
export function changingFields(data: PlanData): string[] {
  const byArm = Map.groupBy(launchFields(data), (launch) => `${launch.arm} ${launch.stratum}`)
  const changing = [...byArm.values()].flatMap((launches) => {
    const names = [...new Set(launches.flatMap(({ fields }) => [...fields.keys()]))]
    return names.filter((name) => new Set(launches.map(({ fields }) => fields.get(name))).size > 1)
  })
  return [...new Set(changing)]
}

/** Every field of the manifests of an arm's launches, with the values that it has there. */
export function armFields(data: PlanData, { place }: Pick<ShownArm, 'place'>): Map<string, Set<string>> {
  const own = launchFields(data).filter((launch) => placeOfArm(launch) === place)
  const values = new Map<string, Set<string>>()
  for (const { fields } of own)
    for (const [field, text] of fields) values.set(field, (values.get(field) ?? new Set()).add(text))
  return values
}

type LaunchFields = { arm: string; stratum: string; fields: Fields }
function launchFields(data: PlanData): LaunchFields[] {
  return data.launches.flatMap(({ arm, stratum, manifestDigest }) => {
    const found = manifestDigest === undefined ? undefined : data.manifests[manifestDigest]
    if (found === undefined) return []
    const { conditions: _, ...setup } = found.manifest
    return [{ arm, stratum, fields: new Map(flatten(setup, '')) }]
  })
}

function flatten(value: JsonValue | undefined, path: string): [string, string][] {
  if (value === undefined || value === null) return []
  if (typeof value !== 'object') return [[path, fieldText(path, value)]]
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
    return [[path, value.length === 0 ? missing : value.join(', ')]]
  return Object.entries(value).flatMap(([key, item]) => flatten(item, path === '' ? key : `${path}.${key}`))
}

function conditionsOf({ data, words }: Evidence): Fact[] {
  const seen = data.launches.flatMap(({ manifestDigest }) => {
    const found = manifestDigest === undefined ? undefined : data.manifests[manifestDigest]
    return found === undefined ? [] : [found.manifest.conditions]
  })
  const range = (field: string, values: readonly number[], shown: (value: number) => string): Fact[] => {
    if (values.length === 0) return []
    const [low, high] = [shown(Math.min(...values)), shown(Math.max(...values))]
    return [{ field, text: low === high ? low : words('range', { low, high }) }]
  }
  return [
    ...range(
      'freeMemoryBytes',
      seen.map((each) => each.freeMemoryBytes),
      shownBytes,
    ),
    ...range(
      'loadAverage',
      seen.flatMap((each) => each.loadAverage ?? []),
      plain,
    ),
    ...range(
      'temperatureCelsius',
      seen.flatMap((each) => each.temperatureCelsius ?? []),
      plain,
    ),
  ]
}

function plain(value: number): string {
  return String(Math.round(100 * value) / 100)
}
