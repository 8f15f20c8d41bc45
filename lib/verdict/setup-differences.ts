import type { JsonValue } from '../domain/json.ts'
import type { Manifest } from '../domain/manifest.ts'
import type { SetupDifference } from '../domain/reproduction.ts'

type Manifests = Readonly<Record<string, { manifest: Manifest }>>

/** What differs between the setups that two plans were measured on, field by field; not what changes from run to run. */
export function setupDifferences(there: Manifests, here: Manifests): SetupDifference[] {
  const [a, b] = [setupFields(there), setupFields(here)]
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((field) => a.get(field) !== b.get(field))
    .map((field) => ({ field, ...named('there', a.get(field)), ...named('here', b.get(field)) }))
}

const named = (lab: 'there' | 'here', value: string | undefined) => (value === undefined ? {} : { [lab]: value })

/** What the manifests of a plan say, without the conditions and the model; several values of its launches stand side by side. */
export function setupFields(manifests: Manifests): ReadonlyMap<string, string> {
  const values = new Map<string, Set<string>>()
  for (const { manifest } of Object.values(manifests)) {
    const { conditions, engine, ...rest } = manifest
    const { artifact: _, memory: __, ...engineFacts } = engine ?? { artifact: undefined, memory: undefined }
    const { handicap } = conditions // made for tests, and no condition of the machine
    for (const [field, value] of flat({ ...rest, engine: engineFacts, handicap } as unknown as JsonValue))
      values.set(field, (values.get(field) ?? new Set()).add(value))
  }
  return new Map([...values].map(([field, of]) => [field, [...of].toSorted().join(' | ')]))
}

/** Every value below, by its dotted path. */
function* flat(value: JsonValue | undefined, path = ''): Generator<[string, string]> {
  if (value === undefined) return
  if (typeof value === 'object' && value !== null)
    for (const [key, below] of Object.entries(value)) yield* flat(below, path === '' ? key : `${path}.${key}`)
  else yield [path, typeof value === 'string' ? value : JSON.stringify(value)]
}
