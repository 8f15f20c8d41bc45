import type { Sampling } from '../domain/cell.ts'
import { bodyWith } from './body-with.ts'
import type { Ask, AskOptions } from './protocol.ts'
import { type Message, openingOf, textBehind, type WireJob } from './wire-jobs.ts'

type Start = { salt: string } | { said: readonly Message[] }
export type BodyFields = Readonly<Record<string, unknown>>

/**
 * The request that asks a server for a job. `said` is what was said before in its conversation, salt included; without it the
 * conversation begins, behind `salt`. `change`: how a server wants to be asked that takes other fields.
 */
export function askFor(
  job: WireJob,
  { model, extraBody }: AskOptions,
  start: Start,
  change: (fields: BodyFields, job: WireJob) => BodyFields = (fields) => fields,
): Ask {
  const { workload, text, maxTokens } = job
  const asked =
    workload.kind === 'chat'
      ? { messages: 'said' in start ? start.said : openingOf(job, start.salt) }
      : { prompt: textBehind(start, text) }
  const fields = {
    model,
    ...asked,
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: maxTokens,
    ...sampled(workload.sampling),
    ...(workload.output === 'fixed' && { ignore_eos: true, min_tokens: maxTokens }),
  }
  return {
    path: workload.kind === 'chat' ? '/v1/chat/completions' : '/v1/completions',
    body: bodyWith(change(fields, job), extraBody),
  }
}

// A greedy choice takes the likeliest token whatever the others are: nothing is asked that only some servers know.
function sampled({ temperature, topK, topP, minP, seed, stop }: Sampling) {
  return {
    temperature,
    ...(temperature > 0 && { top_p: topP, top_k: topK, min_p: minP }),
    seed,
    ...(stop && { stop }),
  }
}
