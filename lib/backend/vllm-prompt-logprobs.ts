import { EngineFailure } from '../domain/backend.ts'
import { evidence } from '../wire/evidence.ts'
import { type Fields, fieldsOf } from '../wire/json-fields.ts'
import { errorOf } from './openai-chunk.ts'
import type { Told } from './likeliest-window.ts'

/** vLLM writes it for ln 0, which JSON does not have. */
const none = -9999
/** By how much a sum of rounded 32-bit floats may be more than it is. */
const tolerance = 1e-3

/**
 * ln p of the tokens of a window's second half without its first, from `prompt_logprobs` of vLLM's answer to a completion: an entry for
 * each token of the prompt, `null` for the first, else `{ [token]: { logprob } }` of that token and of the likeliest. Throws an
 * `EngineFailure` where it has no such thing, or its numbers are no probabilities.
 */
export function scoresIn(answer: Fields, tokens: readonly number[]): Told[] {
  const given = entriesIn(answer)
  if (given?.length !== tokens.length) throw malformed('no prompt_logprobs of each token that was sent', answer)
  const first = Math.floor(tokens.length / 2) + 1
  return tokens.slice(first).map((token, at) => {
    const told = toldIn(given[first + at])
    const own = told?.get(token)
    if (told === undefined) throw malformed('entries in prompt_logprobs that are none', answer)
    if (own === undefined || own <= none)
      throw new EngineFailure('engine-error', `the engine gave no probability for token ${first + at} of a window`)
    const sum = told.values().reduce((all, lnP) => all + Math.exp(lnP), 0)
    if (sum > 1 + tolerance) throw new EngineFailure('engine-error', notProbabilities)
    return told
  })
}

const notProbabilities =
  'what the server tells in prompt_logprobs are no probabilities, as where it was started with --logprobs-mode raw_logits: start it without'

function entriesIn({ choices }: Fields): readonly unknown[] | undefined {
  const choice = fieldsOf(Array.isArray(choices) ? choices[0] : undefined)
  const given = choice?.['prompt_logprobs']
  return Array.isArray(given) ? given : undefined
}

/** The likeliest first, of equals that with the smaller number, as an argmax has it; `undefined` of what is no such entry. */
function toldIn(entry: unknown): Told | undefined {
  const fields = fieldsOf(entry)
  if (fields === undefined) return undefined
  const rows = Object.entries(fields).map(([token, value]) => [Number(token), numberIn(value)] as const)
  if (!rows.every(([token, lnP]) => Number.isInteger(token) && Number.isFinite(lnP))) return undefined
  return new Map(rows.toSorted(([a, lnA], [b, lnB]) => lnB - lnA || a - b))
}

function numberIn(value: unknown): number {
  const said = fieldsOf(value)?.['logprob']
  return typeof said === 'number' ? said : Number.NaN
}

const malformed = (what: string, answer: Fields) =>
  new EngineFailure(
    'malformed-response',
    `/v1/completions gave ${what}: ${evidence(errorOf(answer) ?? JSON.stringify(answer).slice(0, 200))}`,
  )
