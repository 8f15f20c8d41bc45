import type { ArmDifference } from '../domain/verdict.ts'
import type { Words } from './words.ts'

/** Fields that have a name of their own; the others are called by their path, as the manifest and the file have it. */
const named: ReadonlySet<string> = new Set([
  'engine.name',
  'engine.version',
  'engine.build',
  'engine.features',
  'engine.accelerator',
  'engine.threads',
  'engine.contextSize',
  'engine.flashAttention',
  'backend.cacheTypeK',
  'backend.cacheTypeV',
  'artifact.digest',
  'host.cpu',
  'host.os',
  'host.cores',
  'host.memoryBytes',
  'tool.measurement',
  'prompts',
  'prompts.tokens',
  'workload.text',
])
const cacheType = /(?:^|\.)(?:kv[-_]?cache[-_]?d?type|ollama_kv_cache_type)$/i

/** What a field in which two arms differ is called: `engine build`. */
export function fieldText(field: string, words: Words): string {
  if (named.has(field)) return words(`verdict.field.${field.replaceAll('.', '-')}`)
  if (cacheType.test(field)) return words('verdict.field.cache-type')
  const [, setting] = /^workload\.sampling\.(.+)$/.exec(field) ?? []
  return setting === undefined ? field : words('verdict.field.sampling', { setting })
}

const mostFields = 4

/** `Not comparable: engine build and KV-cache type differ.` */
export function differencesText(differences: readonly ArmDifference[], words: Words): string {
  const fields = [...new Set(differences.map(({ field }) => fieldText(field, words)))]
  const rest = fields.length - mostFields
  const shown = rest > 1 ? [...fields.slice(0, mostFields), words('verdict.more-fields', { n: rest })] : fields
  return words('verdict.not-comparable', { n: fields.length, fields: listText(shown, words) })
}

/** `a, b and c` */
export function listText(texts: readonly string[], words: Words): string {
  const last = texts.at(-1) ?? ''
  return texts.length < 2 ? last : words('verdict.and', { first: texts.slice(0, -1).join(', '), last })
}
