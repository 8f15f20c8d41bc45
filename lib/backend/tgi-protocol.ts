import { whyNotAsked } from '../domain/protocol-limits.ts'
import type { EngineFacts } from '../domain/manifest.ts'
import { type Fields, fieldsOf } from '../wire/json-fields.ts'
import { serverPlace } from '../wire/server-place.ts'
import { anyModel, Inquiry } from './attach-facts.ts'
import { bodyWith } from './body-with.ts'
import { JsonReader, plainly, type Said } from './json-reader.ts'
import { errorOf } from './openai-chunk.ts'
import { openAiProtocol } from './openai-protocol.ts'
import type { Ask, AskOptions, Attachment, Protocol } from './protocol.ts'
import { countOf, textOf } from './said-values.ts'
import { textBehind, type Message, type WireJob } from './wire-jobs.ts'

const whyNot: Protocol['whyNot'] = (workload) => whyNotAsked('tgi', workload)

/** Text Generation Inference's own `/generate_stream`. */
export const tgiProtocol: Protocol = {
  attach,
  ask,
  reader: (maxTokens, onContent) => new JsonReader(tgiSaid(), maxTokens, onContent),
  accept: 'text/event-stream',
  ending: 'an event that has the generated text',
  whyNot,
}

/** Its chats: OpenAI's form. */
export const tgiChats: Protocol = { ...openAiProtocol, attach, whyNot }

function ask(
  { workload, text, maxTokens }: WireJob,
  { extraBody }: AskOptions,
  start: { salt: string } | { said: readonly Message[] },
): Ask {
  const { temperature, topP, topK, seed, stop } = workload.sampling
  const isDrawn = temperature > 0
  const parameters = {
    max_new_tokens: maxTokens,
    details: true,
    do_sample: isDrawn,
    // What leaves all tokens in is refused as a value, and is what is done without one.
    ...(isDrawn && { temperature, ...(topP < 1 && { top_p: topP }), ...(topK > 0 && { top_k: topK }), seed }),
    ...(stop && { stop }),
  }
  const fields = { inputs: textBehind(start, text), parameters }
  return { path: '/generate_stream', body: bodyWith(fields, extraBody, 'parameters') }
}

/** What the events of one answer say: each is one token, of which special ones are no text, and has its number. */
export function tgiSaid(): (event: Fields) => Said {
  let counted = 0
  let before = -1
  return (event) => {
    const error = errorOf(event)
    if (error !== undefined) return { error }
    const token = fieldsOf(event['token'])
    if (token !== undefined) counted += 1
    const index = countOf(event['index']) ?? before + 1
    if (index <= before) return { contradiction: `token ${index} came after token ${before}` }
    before = index
    const carried = plainly(token?.['special'] === true ? '' : textOf(token?.['text']))
    const isLast = typeof event['generated_text'] === 'string' || fieldsOf(event['details']) !== undefined
    return isLast ? { carried, counted, ...last(fieldsOf(event['details']) ?? {}, counted) } : { carried, counted }
  }
}

function last(details: Fields, came: number): Said {
  const finish = textOf(details['finish_reason']) || undefined
  const generated = countOf(details['generated_tokens'])
  if (generated !== undefined && generated < came)
    return { contradiction: `it counted ${generated} tokens, and ${came} had come` }
  const promptTokens = countOf(details['input_length'])
  // The token that ends a text is counted, and no part of it.
  const outputTokens = generated !== undefined && finish === 'eos_token' ? Math.max(0, generated - 1) : generated
  return {
    isLast: true,
    finish,
    usage: { ...(promptTokens !== undefined && { promptTokens }), ...(outputTokens !== undefined && { outputTokens }) },
  }
}

/** `/info`: it has one model. */
async function attach(attachment: Attachment): Promise<EngineFacts> {
  const { url, model, digest } = attachment
  const inquiry = new Inquiry(attachment)
  const { fields: info, headers } = await inquiry.required('/info')
  const own = textOf(info['model_id'])
  if (own !== model && own !== anyModel) throw inquiry.without([own])
  const names = ['version', 'sha', 'model_sha', 'model_dtype', 'model_device_type', 'max_concurrent_requests']
  const limits = ['max_input_tokens', 'max_input_length', 'max_total_tokens', 'max_batch_total_tokens']
  const said = [...names, ...limits].map((name) => [name, info[name]] as const)
  const says = inquiry.kept([['server', headers['server']], ...said])
  const { version } = says
  const contextSize = countOf(says['max_total_tokens'])
  return {
    name: 'tgi',
    ...(version !== undefined && { version: String(version) }),
    ...(contextSize !== undefined && { contextSize }),
    artifact: { digest },
    server: { url, place: await serverPlace(url), model, says },
  }
}
