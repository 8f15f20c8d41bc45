import type { JsonValue } from '../domain/json.ts'
import { withoutHome } from '../domain/without-home.ts'
import { readPlan } from '../store/read-plan.ts'
import type { Store } from '../store/store.ts'
import { mapTexts } from './left-out-text.ts'

type Fields = Readonly<Record<string, JsonValue>>

/** What a word of a name ends in that holds a secret: HF_TOKEN and apiKey do, MAX_TOKENS and TOKENIZERS_PARALLELISM do not. */
const secretWord = /(?:TOKEN|KEYS?|SECRETS?|PASS|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|AUTH|AUTHORIZATION|COOKIE)$/
const isReference = /^\$\{env:[^}]*\}$/
/** A setting; or a word that a model knows, such as `</s>` of an eos-token. */
const isNoSecret = /^(?:true|false|on|off|yes|no|none|null|auto|[\d.]+|<.*>|\[.*\])$/i
const leastLength = 4
/** The user and the password of an address. */
const user = /([a-z][a-z0-9+.-]*:\/\/)[^\s/@"'<>]+@/gi

/**
 * What makes rows of a plan fit to be handed on: in every text the user's home folder is `~`, and `***` is what variables, options and
 * fields of requests hold that are named as secrets are, and who an address is asked as.
 */
export function keptPrivate(store: Store, planId: string, home: string): (fields: Fields) => Fields {
  const found = readPlan(store, planId).cells.flatMap(({ config }) => secretsIn(config.backend as unknown as Fields))
  const secrets = [...new Set(found)].toSorted((a, b) => b.length - a.length)
  const shown = (text: string) =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), withoutHome(text, home)).replaceAll(user, '$1***@')
  return (fields) => mapTexts(fields, shown, shown) as Fields
}

/** Of a part of a backend: its secrets by their names, wherever they stand. */
function secretsIn(value: JsonValue): string[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return (value as readonly JsonValue[]).flatMap(secretsIn)
  return Object.entries(value).flatMap(([name, field]) =>
    typeof field === 'string' ? (isSecret(name, field) ? [field] : []) : secretsIn(field),
  )
}

const isSecret = (name: string, value: string) =>
  wordsOf(name).some((word) => secretWord.test(word)) &&
  value.length >= leastLength &&
  !isReference.test(value) &&
  !isNoSecret.test(value)

const wordsOf = (name: string) => name.split(/[_-]|(?<=[a-z])(?=[A-Z])/).map((word) => word.toUpperCase())
