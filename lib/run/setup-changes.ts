import type { JsonValue } from '../domain/json.ts'
import type { Manifest } from '../domain/manifest.ts'

/** What is compared before a plan goes on: not the conditions, and not the engine, which differs from arm to arm. */
type Setup = Pick<Manifest, 'tool' | 'runtime' | 'host'>

/** What differs between the setup that a plan was begun on and this one: `host.cpu was "A", is "B"`. */
export function setupChanges(before: Setup, now: Setup): string[] {
  const [old, present] = [leaves(before), leaves(now)]
  const fields = [...new Set([...old.keys(), ...present.keys()])]
  return fields
    .filter((field) => old.get(field) !== present.get(field))
    .map((field) => `${field} was ${old.get(field) ?? 'unknown'}, is ${present.get(field) ?? 'unknown'}`)
}

/** Every field as JSON, by its dotted path. */
function leaves({ tool, runtime, host }: Setup): Map<string, string> {
  const parts = { tool, runtime, host } as unknown as Record<string, Record<string, JsonValue | undefined>>
  return new Map(
    Object.entries(parts).flatMap(([part, facts]) =>
      Object.entries(facts).map(([name, value]) => [`${part}.${name}`, JSON.stringify(value)] as const),
    ),
  )
}
