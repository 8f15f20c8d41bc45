import { EngineFailure } from '../domain/backend.ts'
import type { EngineFacts, ServerFacts } from '../domain/manifest.ts'
import { cutWithoutKey } from './api-key.ts'
import { evidence } from '../wire/evidence.ts'
import { getJson, type Got } from '../wire/http-get.ts'
import { type Fields, fieldsOf, parsedFields } from '../wire/json-fields.ts'
import { errorOf } from './openai-chunk.ts'
import type { Attachment } from './protocol.ts'
import { refusalOf } from './answer-outcome.ts'
import { serverPlace } from '../wire/server-place.ts'

const longestSaid = 200
const mostNamed = 10

/**
 * What a server says of itself and of the model that it is to be asked for. Throws an `EngineFailure` where it cannot be
 * reached, refuses, or does not have the model; that it does not know `/health` or `/version` is no failure.
 */
export async function attach(attachment: Attachment): Promise<EngineFacts> {
  const { url, model, digest, key } = attachment
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` }
  const ask = (path: string) => getJson(attachment, path, headers)
  const listed = await ask('/v1/models')
  const own = modelIn(listed, model, key)
  const [health, version] = await Promise.all(['/health', '/version'].map((path) => ask(path).catch(() => undefined)))
  const says = saidBy(own, { listed, health, version }, key)
  const server: ServerFacts = { url, place: await serverPlace(url), model, says }
  const contextSize = [says['max_model_len'], says['meta.n_ctx']].find((size) => typeof size === 'number')
  return {
    name: String(says['owned_by'] ?? says['server'] ?? 'openai'),
    ...(says['version'] !== undefined && { version: String(says['version']) }),
    ...(says['server'] !== undefined && { build: String(says['server']) }),
    ...(contextSize !== undefined && { contextSize }),
    artifact: { digest },
    server,
  }
}

/** What the list of models has of one of them. */
function modelIn(listed: Got, model: string, key: string | undefined): Fields {
  const refusal = refusalOf(listed)
  if (refusal) throw new EngineFailure(refusal.reason, cutWithoutKey(`GET /v1/models: ${refusal.detail}`, key))
  const data = parsedFields(listed.body)?.['data']
  if (!Array.isArray(data)) {
    const said = evidence(errorOf(parsedFields(listed.body) ?? {}) ?? listed.body)
    throw new EngineFailure('malformed-response', cutWithoutKey(`GET /v1/models gave no list of models: ${said}`, key))
  }
  const models = data.map(fieldsOf).filter((each) => each !== undefined)
  const own = models.find(({ id }) => id === model)
  if (own) return own
  const names = models.map(({ id }) => evidence(String(id), longestSaid))
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : ''
  const listing = `it has ${names.slice(0, mostNamed).join(', ')}${more}: name one of them as served`
  const has = names.length === 0 ? 'it has none: load one there' : listing
  throw new EngineFailure('request-refused', cutWithoutKey(`the server has no model ${evidence(model)}: ${has}`, key))
}

const fieldsIn = (got: Got | undefined) => (got?.status === 200 ? parsedFields(got.body) : undefined)

type Asked = { listed: Got; health: Got | undefined; version: Got | undefined }

// Not what changes from one moment to the next, such as `created`: it would make another setup of the same server.
function saidBy(own: Fields, { listed, health, version }: Asked, key: string | undefined): ServerFacts['says'] {
  const meta = Object.entries(fieldsOf(own['meta']) ?? {}).map(([name, value]) => [`meta.${name}`, value] as const)
  const said: (readonly [string, unknown])[] = [
    ['server', listed.headers['server']],
    ['version', fieldsIn(version)?.['version']],
    ['health', health && (fieldsIn(health)?.['status'] ?? health.status)],
    ...['owned_by', 'root', 'max_model_len'].map((name) => [name, own[name]] as const),
    ...meta.slice(0, 20),
  ]
  const kept: Record<string, string | number> = {}
  for (const [name, value] of said) {
    const as = cutWithoutKey(evidence(name, longestSaid), key)
    if (typeof value === 'number' && Number.isFinite(value)) kept[as] = value
    else if (typeof value === 'string' && value !== '') kept[as] = cutWithoutKey(evidence(value, longestSaid), key)
  }
  return kept
}
