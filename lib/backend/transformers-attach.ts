import { EngineFailure } from '../domain/backend.ts'
import type { EngineFacts } from '../domain/manifest.ts'
import { getJson } from '../wire/http-get.ts'
import { serverPlace } from '../wire/server-place.ts'
import { refusalOf } from './answer-outcome.ts'
import { cutWithoutKey } from './api-key.ts'
import type { Attachment } from './protocol.ts'

/**
 * What `transformers serve` says of itself: its list of models has what is in the cache of the hub, not the folder that it
 * serves, and fails where there is no cache. So whether it has the model shows when it is asked. Throws an `EngineFailure`
 * where it cannot be reached or refuses.
 */
export async function attachUnlisted(attachment: Attachment): Promise<EngineFacts> {
  const { url, model, digest, key } = attachment
  const got = await getJson(attachment, '/health', key === undefined ? {} : { authorization: `Bearer ${key}` })
  const refusal = refusalOf(got)
  if (refusal) throw new EngineFailure(refusal.reason, cutWithoutKey(`GET /health: ${refusal.detail}`, key))
  const server = got.headers['server']
  const says = { ...(server !== undefined && { server }), health: got.status }
  return { name: 'transformers', artifact: { digest }, server: { url, place: await serverPlace(url), model, says } }
}
