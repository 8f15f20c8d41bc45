import { whyNotAsked } from '../domain/protocol-limits.ts'
import type { EngineFacts } from '../domain/manifest.ts'
import { type Fields, fieldsOf } from '../wire/json-fields.ts'
import { serverPlace } from '../wire/server-place.ts'
import { anyModel, Inquiry } from './attach-facts.ts'
import { bodyWith } from './body-with.ts'
import { generationSaid } from './generation-said.ts'
import { JsonReader, type Said } from './json-reader.ts'
import { errorOf } from './openai-chunk.ts'
import type { Ask, AskOptions, Attachment, Protocol } from './protocol.ts'
import { textOf } from './said-values.ts'
import { textBehind, type Message, type WireJob } from './wire-jobs.ts'

/** Caikit over HTTP, before TGIS or another engine: `/api/v1/task/server-streaming-text-generation`. */
export const caikitProtocol: Protocol = {
  attach,
  ask,
  reader: (maxTokens, onContent) => new JsonReader(caikitSaid, maxTokens, onContent),
  accept: 'text/event-stream',
  ending: 'a finish_reason',
  whyNot: (workload) => whyNotAsked('caikit-http', workload),
}

function ask(
  { workload, text, maxTokens }: WireJob,
  { model, extraBody }: AskOptions,
  start: { salt: string } | { said: readonly Message[] },
): Ask {
  const { temperature, topP, topK, seed, stop } = workload.sampling
  const isDrawn = temperature > 0
  const parameters = {
    max_new_tokens: maxTokens,
    ...(workload.output === 'fixed' && { min_new_tokens: maxTokens }),
    decoding_method: isDrawn ? 'SAMPLING' : 'GREEDY',
    ...(isDrawn && { temperature, top_p: topP, ...(topK > 0 && { top_k: topK }), seed }),
    ...(stop && { stop_sequences: stop }),
  }
  const fields = { model_id: model, inputs: textBehind(start, text), parameters }
  return { path: '/api/v1/task/server-streaming-text-generation', body: bodyWith(fields, extraBody, 'parameters') }
}

/** What an event says: text, and the counts up to it. */
export function caikitSaid(event: Fields): Said {
  const error = errorOf(event)
  if (error !== undefined) return { error }
  const details = fieldsOf(event['details']) ?? {}
  return generationSaid({
    text: event['generated_text'],
    outputTokens: details['generated_tokens'],
    promptTokens: details['input_token_count'],
    stopReason: details['finish_reason'],
  })
}

/** `/info/models` and `/info/version`; older versions have neither, and are asked for the model at once. */
async function attach(attachment: Attachment): Promise<EngineFacts> {
  const { url, model, digest } = attachment
  const inquiry = new Inquiry(attachment)
  const got = await inquiry.get('/info/models')
  if (got.status !== 404) inquiry.refuse('/info/models', got)
  else inquiry.refuse('/health', await inquiry.get('/health'))
  const [listed, version] = await Promise.all([inquiry.fields('/info/models'), inquiry.fields('/info/version')])
  const own = modelIn(listed?.['models'], model, inquiry)
  const packages = Object.entries(fieldsOf(version?.['python_packages']) ?? {})
  const says = inquiry.kept([
    ['runtime_version', version?.['runtime_version']],
    ['module_id', own?.['module_id']],
    ['size', own?.['size']],
    ...packages.filter(([name]) => name.startsWith('caikit')).slice(0, 20),
  ])
  const { caikit } = says
  return {
    name: 'caikit',
    ...(caikit !== undefined && { version: String(caikit) }),
    artifact: { digest },
    server: { url, place: await serverPlace(url), model, says },
  }
}

/** `undefined` where nothing is listed. */
function modelIn(listed: unknown, model: string, inquiry: Inquiry): Fields | undefined {
  if (!Array.isArray(listed)) return undefined
  const models = (listed as unknown[]).map(fieldsOf).filter((each) => each !== undefined)
  const own = models.find(({ name }) => name === model) ?? models.find(({ name }) => name === anyModel)
  if (own === undefined) throw inquiry.without(models.map(({ name }) => textOf(name)))
  return own
}
