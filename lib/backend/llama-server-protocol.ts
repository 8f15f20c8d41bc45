import type { EngineFacts } from '../domain/manifest.ts'
import { type Fields, fieldsOf } from '../wire/json-fields.ts'
import { Inquiry } from './attach-facts.ts'
import { bodyWith } from './body-with.ts'
import { JsonReader, plainly, type Said } from './json-reader.ts'
import { attach as attachOpenAi } from './openai-attach.ts'
import { errorOf } from './openai-chunk.ts'
import { ChunkReader } from './openai-chunks.ts'
import { openAiProtocol } from './openai-protocol.ts'
import type { Ask, AskOptions, Attachment, Protocol } from './protocol.ts'
import { countOf, textOf, timingsOf } from './said-values.ts'
import { textBehind, type Message, type WireJob } from './wire-jobs.ts'

/** llama-server's own `/completion`. It says `Keep-Alive` with each stream and closes behind it, as the provider of its chunks ends with `false` (tools/server). */
export const llamaServerProtocol: Protocol = {
  attach,
  ask,
  reader: (maxTokens, onContent) => new JsonReader(llamaServerSaid, maxTokens, onContent),
  accept: 'text/event-stream',
  ending: 'an event that says stop: true',
  closes: true,
}

/** Its chats: OpenAI's form, with counts and times in each chunk. */
export const llamaServerChats: Protocol = {
  ...openAiProtocol,
  attach,
  ask: (job, options, start) => {
    const own = { timings_per_token: true, ...cacheFor(options, start) }
    return openAiProtocol.ask(job, { ...options, extraBody: { ...own, ...options.extraBody } }, start)
  },
  reader: (maxTokens, onContent) => new ChunkReader(maxTokens, onContent, { countsEnd: true }),
  closes: true,
}

type Start = { salt: string } | { said: readonly Message[] }

// A prompt that no other begins like is compared with what slots hold all the same: then what is found is not used either. A
// conversation goes on with what is there of it, as it does for those who talk.
const cacheFor = ({ salt }: AskOptions, start: Start) =>
  salt === true && 'salt' in start ? { cache_prompt: false } : {}

function ask({ workload, text, maxTokens }: WireJob, options: AskOptions, start: Start): Ask {
  const { temperature, topP, topK, minP, seed, stop } = workload.sampling
  const fields = {
    model: options.model,
    prompt: textBehind(start, text),
    stream: true,
    n_predict: maxTokens,
    ...cacheFor(options, start),
    temperature,
    ...(temperature > 0 && { top_p: topP, top_k: topK, min_p: minP }),
    seed,
    ...(stop && { stop }),
    ...(workload.output === 'fixed' && { ignore_eos: true }),
  }
  return { path: '/completion', body: bodyWith(fields, options.extraBody) }
}

/** What an event of `/completion` says; each has the count of tokens up to it. */
export function llamaServerSaid(event: Fields): Said {
  const error = errorOf(event)
  if (error !== undefined) return { error }
  const carried = plainly(textOf(event['content']))
  const counted = countOf(event['tokens_predicted'])
  return event['stop'] === true ? { carried, counted, ...last(event, counted) } : { carried, counted }
}

function last(event: Fields, counted: number | undefined): Said {
  const stopType = textOf(event['stop_type'])
  const promptTokens = countOf(event['tokens_evaluated'])
  const cachedTokens = countOf(fieldsOf(event['timings'])?.['cache_n'])
  // The token that ends a text is counted, and no part of it.
  const outputTokens = counted !== undefined && stopType === 'eos' ? Math.max(0, counted - 1) : counted
  const engine = timingsOf(event)
  return {
    isLast: true,
    finish: stopType === 'limit' ? 'length' : stopType || undefined,
    usage: {
      ...(promptTokens !== undefined && { promptTokens }),
      ...(outputTokens !== undefined && { outputTokens }),
      ...(cachedTokens !== undefined && { cachedTokens }),
    },
    ...(engine && { engine }),
  }
}

/** What its list of models says, and `/props`. */
async function attach(attachment: Attachment): Promise<EngineFacts> {
  const facts = await attachOpenAi(attachment)
  const inquiry = new Inquiry(attachment)
  const props = await inquiry.fields('/props')
  const settings = fieldsOf(props?.['default_generation_settings'])
  const own = inquiry.kept([
    ['build_info', props?.['build_info']],
    ['total_slots', props?.['total_slots']],
    ['n_ctx', settings?.['n_ctx']],
    ['model_ftype', props?.['model_ftype']],
  ])
  const build = own['build_info']
  const contextSize = countOf(own['n_ctx'])
  return {
    ...facts,
    ...(build !== undefined && { version: String(build) }),
    ...(contextSize !== undefined && { contextSize }),
    ...(facts.server && { server: { ...facts.server, says: { ...facts.server.says, ...own } } }),
  }
}
