import type { JsonValue } from '../domain/json.ts'
import { withoutHome } from '../domain/without-home.ts'
import { readPlan } from '../store/read-plan.ts'
import type { Store } from '../store/store.ts'

type Fields = Readonly<Record<string, JsonValue>>

/** What the name of a variable says that holds a secret. */
const secretName = /TOKEN|KEY|SECRET|PASS|CREDENTIAL/i
const isReference = /^\$\{env:[^}]*\}$/
const leastLength = 4

/**
 * What makes rows of a plan fit to be handed on: in every text the user's home folder is `~`, and what variables of an engine's
 * environment hold that are named as secrets are is `***`.
 */
export function keptPrivate(store: Store, planId: string, home: string): (fields: Fields) => Fields {
  const secrets = [...new Set(readPlan(store, planId).cells.flatMap(({ config }) => secretsOf(config.backend)))]
  const shown = (text: string) =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), withoutHome(text, home))
  const without = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') return shown(value)
    if (Array.isArray(value)) return (value as readonly JsonValue[]).map(without)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [shown(key), without(field)]))
  }
  return (fields) => without(fields) as Fields
}

function secretsOf(backend: object): string[] {
  const { env, launch } = backend as { env?: Env; launch?: { env?: Env } }
  const variables = Object.entries({ ...env, ...launch?.env })
  return variables.flatMap(([name, value]) =>
    secretName.test(name) && !isReference.test(value) && value.length >= leastLength ? [value] : [],
  )
}
type Env = Readonly<Record<string, string>>
