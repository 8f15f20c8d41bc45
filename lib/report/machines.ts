import type { JsonValue } from '../domain/json.ts'
import type { PlanData } from '../domain/plan-data.ts'
import type { Evidence } from './evidence.ts'
import { missing, shownBytes } from './numbers.ts'

export type Fact = { field: string; text: string }
export type Machines = {
  /** What every launch saw alike. */
  common: readonly Fact[]
  /** What differs, field by field, and each arm's values of them. */
  fields: readonly string[]
  arms: readonly { name: string; values: readonly string[] }[]
  /** What may change from launch to launch: from least to most. */
  conditions: readonly Fact[]
}

type Fields = ReadonlyMap<string, string>

/** The manifests of all launches: what they share once, what differs by arm, conditions as ranges. */
export function machinesOf(evidence: Evidence): Machines {
  const { data, comparison } = evidence
  const seen = launchFields(data)
  const names = [...new Set(seen.flatMap(({ fields }) => [...fields.keys()]))]
  const valuesOf = (name: string) => new Set(seen.map(({ fields }) => fields.get(name) ?? missing))
  const common = names.filter((name) => valuesOf(name).size === 1)
  const differing = names.filter((name) => valuesOf(name).size > 1)
  return {
    common: common.map((field) => ({ field, text: [...valuesOf(field)][0] ?? missing })),
    fields: differing,
    arms:
      differing.length === 0
        ? []
        : comparison.arms.flatMap((arm) => {
            const key = comparison.cells.find((cell) => cell.arm === arm)?.cell.arm
            const own = seen.filter((launch) => launch.arm === key)
            if (own.length === 0) return []
            const values = differing.map((field) =>
              [...new Set(own.map(({ fields }) => fields.get(field) ?? missing))].join(' / '),
            )
            return [{ name: arm.name, values }]
          }),
    conditions: conditionsOf(evidence),
  }
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

function launchFields(data: PlanData): { arm: string; stratum: string; fields: Fields }[] {
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

function fieldText(path: string, value: string | number | boolean): string {
  return typeof value === 'number' && /bytes$/i.test(path) ? `${shownBytes(value)} (${value})` : String(value)
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
