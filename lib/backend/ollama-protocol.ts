import { whyNotAsked } from '../domain/protocol-limits.ts'
import type { EngineFacts } from '../domain/manifest.ts'
import { type Fields, fieldsOf } from '../wire/json-fields.ts'
import { serverPlace } from '../wire/server-place.ts'
import { anyModel, Inquiry } from './attach-facts.ts'
import { bodyWith } from './body-with.ts'
import { JsonReader } from './json-reader.ts'
import { ollamaSaid } from './ollama-chunk.ts'
import type { Ask, AskOptions, Attachment, Protocol } from './protocol.ts'
import { textOf, wholeOf } from './said-values.ts'
import { type Message, openingOf, textBehind, type WireJob } from './wire-jobs.ts'

/** Longer than another cell's trial between two of a model's: it is not loaded anew for each. */
const keepAlive = '30m'

/** Ollama's own protocol: `/api/generate` and `/api/chat`, lines of JSON. */
export const ollamaProtocol: Protocol = {
  attach,
  ask,
  reader: (maxTokens, onContent) => new JsonReader(ollamaSaid, maxTokens, onContent),
  accept: 'application/x-ndjson',
  ending: 'a line that says done: true',
  whyNot: (workload) => whyNotAsked('ollama', workload),
}

function ask(
  job: WireJob,
  { model, extraBody }: AskOptions,
  start: { salt: string } | { said: readonly Message[] },
): Ask {
  const { workload, text } = job
  const isChat = workload.kind === 'chat'
  const asked = isChat
    ? { messages: 'said' in start ? start.said : openingOf(job, start.salt) }
    : { prompt: textBehind(start, text), raw: true }
  const fields = { model, ...asked, stream: true, keep_alive: keepAlive, options: optionsOf(job) }
  return { path: isChat ? '/api/chat' : '/api/generate', body: bodyWith(fields, extraBody, 'options') }
}

function optionsOf({ workload, maxTokens }: WireJob) {
  const { temperature, topP, topK, minP, seed, stop } = workload.sampling
  return {
    num_predict: maxTokens,
    temperature,
    ...(temperature > 0 && { top_p: topP, top_k: topK, min_p: minP }),
    repeat_penalty: 1, // older versions have 1.1 by themselves, which changes even a greedy answer
    seed,
    ...(stop && { stop }),
  }
}

/** A model's whole name. */
export const withTag = (name: string) => (name.includes(':') ? name : `${name}:latest`)
const objectsIn = (list: unknown): Fields[] =>
  Array.isArray(list) ? (list as unknown[]).map(fieldsOf).filter((each) => each !== undefined) : []

/** Of the server `/api/version`, of the model `/api/tags`, `/api/show` and, where it is loaded, `/api/ps`. */
async function attach(attachment: Attachment): Promise<EngineFacts> {
  const { url, model, digest } = attachment
  const inquiry = new Inquiry(attachment)
  const { fields } = await inquiry.required('/api/tags')
  const models = objectsIn(fields['models'])
  const named = (name: string) => models.find((each) => withTag(textOf(each['name'])) === withTag(name))
  const own = named(model) ?? named(anyModel)
  if (own === undefined) throw inquiry.without(models.map(({ name }) => textOf(name)))
  const [version, show, running] = await Promise.all([
    inquiry.fields('/api/version'),
    inquiry.fields('/api/show', { model }),
    inquiry.fields('/api/ps'),
  ])
  const loaded = objectsIn(running?.['models']).find((each) => withTag(textOf(each['name'])) === withTag(model))
  const says = inquiry.kept(saidBy(own, { version, show }))
  const claimedBytes = wholeOf(loaded?.['size_vram'])
  return {
    name: 'ollama',
    ...(says['version'] !== undefined && { version: String(says['version']) }),
    artifact: { digest },
    server: { url, place: await serverPlace(url), model, says },
    ...(claimedBytes !== undefined && claimedBytes > 0 && { memory: { claimedBytes } }),
  }
}

type Asked = { version: Fields | undefined; show: Fields | undefined }

function saidBy(own: Fields, { version, show }: Asked): (readonly [string, unknown])[] {
  const details = fieldsOf(show?.['details']) ?? fieldsOf(own['details']) ?? {}
  const info = fieldsOf(show?.['model_info']) ?? {}
  return [
    ['version', version?.['version']],
    ['digest', own['digest']],
    ['size', own['size']],
    ...['format', 'family', 'parameter_size', 'quantization_level'].map((name) => [name, details[name]] as const),
    ...Object.entries(info)
      .filter(([name]) => /^general\.(?!license)|\.(?:context|embedding)_length$|\.block_count$/.test(name))
      .slice(0, 20),
    ['parameters', show?.['parameters']],
  ]
}
