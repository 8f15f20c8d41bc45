import type { EngineFacts, ServerFacts } from '../domain/manifest.ts'
import type { Got } from '../wire/http-get.ts'
import { type Fields, fieldsOf, parsedFields } from '../wire/json-fields.ts'
import { serverPlace } from '../wire/server-place.ts'
import { anyModel, Inquiry } from './attach-facts.ts'
import type { Attachment } from './protocol.ts'
import { countOf, textOf } from './said-values.ts'

/**
 * What a server says of itself and of the model that it is to be asked for. Throws an `EngineFailure` where it cannot be
 * reached, refuses, or does not have the model; that it does not know `/health` or `/version` is no failure.
 */
export async function attach(attachment: Attachment): Promise<EngineFacts> {
  const { url, model, digest } = attachment
  const inquiry = new Inquiry(attachment)
  const listed = await inquiry.get('/v1/models')
  const own = modelIn(listed, model, inquiry)
  const [health, version] = await Promise.all(
    ['/health', '/version'].map((path) => inquiry.get(path).catch(() => undefined)),
  )
  const says = inquiry.kept(saidBy(own, { listed, health, version }))
  const server: ServerFacts = { url, place: await serverPlace(url), model, says }
  const contextSize = [says['max_model_len'], says['meta.n_ctx']].map(countOf).find((size) => size !== undefined)
  return {
    name: String(says['owned_by'] ?? says['server'] ?? 'openai'),
    ...(says['version'] !== undefined && { version: String(says['version']) }),
    ...(says['server'] !== undefined && { build: String(says['server']) }),
    ...(contextSize !== undefined && { contextSize }),
    artifact: { digest },
    server,
  }
}

/** What the list of models has of one of them; one called `*` stands for any name. */
function modelIn(listed: Got, model: string, inquiry: Inquiry): Fields {
  inquiry.refuse('/v1/models', listed)
  const data = parsedFields(listed.body)?.['data']
  if (!Array.isArray(data)) throw inquiry.malformed('/v1/models', 'no list of models', listed)
  const models = data.map(fieldsOf).filter((each) => each !== undefined)
  const own = models.find(({ id }) => id === model) ?? models.find(({ id }) => id === anyModel)
  if (own) return own
  throw inquiry.without(models.map(({ id }) => textOf(id)))
}

const fieldsIn = (got: Got | undefined) => (got?.status === 200 ? parsedFields(got.body) : undefined)

type Asked = { listed: Got; health: Got | undefined; version: Got | undefined }

// Not what changes from one moment to the next, such as `created`: it would make another setup of the same server.
function saidBy(own: Fields, { listed, health, version }: Asked): (readonly [string, unknown])[] {
  const meta = Object.entries(fieldsOf(own['meta']) ?? {}).map(([name, value]) => [`meta.${name}`, value] as const)
  return [
    ['server', listed.headers['server']],
    ['version', fieldsIn(version)?.['version']],
    ['health', health && (fieldsIn(health)?.['status'] ?? health.status)],
    ...['owned_by', 'root', 'max_model_len'].map((name) => [name, own[name]] as const),
    ...meta.slice(0, 20),
  ]
}
