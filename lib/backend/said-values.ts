import type { EngineTimings } from '../domain/timeline.ts'
import { type Fields, fieldsOf } from '../wire/json-fields.ts'

const mostTokens = 1e9

/** A count of tokens, as a server has it; `undefined` of anything else. */
export const countOf = (value: unknown): number | undefined =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= mostTokens ? (value as number) : undefined

/** Bytes and the like: a whole number that is no less than 0. */
export const wholeOf = (value: unknown): number | undefined =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined

/** Eleven days: no request takes so long, and whatever says so means another unit, or nothing. */
const mostMs = 1e9

/** A time that passed, in milliseconds, of which a server's unit has `perMs`; `undefined` where it is none. */
export function msOf(value: unknown, perMs = 1): number | undefined {
  const ms = typeof value === 'number' ? value / perMs : Number.NaN
  return ms > 0 && ms <= mostMs ? ms : undefined
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A value as JSON, for eyes; of one that is nested deeper than can be written, the end of its patience. */
export function shownJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return '(nested too deep to be shown)'
  }
}

/** A llama-server's own counters, in milliseconds; absent where a chunk has none. */
export function timingsOf(chunk: Fields): EngineTimings | undefined {
  const timings = fieldsOf(chunk['timings'])
  if (timings === undefined) return undefined
  const [promptTokens, decodeTokens] = [countOf(timings['prompt_n']), decodedIn(timings)]
  const [promptMs, decodeMs] = [msOf(timings['prompt_ms']), msOf(timings['predicted_ms'])]
  const hasPrompt = promptTokens !== undefined && promptMs !== undefined
  const hasDecode = decodeTokens !== undefined && decodeTokens > 0 && decodeMs !== undefined
  if (!hasPrompt && !hasDecode) return undefined
  return { ...(hasPrompt && { promptTokens, promptMs }), ...(hasDecode && { decodeTokens, decodeMs }) }
}

/**
 * The tokens that took `predicted_ms`. In recent versions that time begins at the first token, which `predicted_n` counts and the rate
 * does not: the time for each token tells which it is. Of an answer of one token that is 0.0, and the time a microsecond: nothing was
 * decoded after it.
 */
function decodedIn(timings: Fields): number | undefined {
  const tokens = countOf(timings['predicted_n'])
  if (tokens === 1 && timings['predicted_per_token_ms'] === 0) return 0
  const [ms, each] = [msOf(timings['predicted_ms']), msOf(timings['predicted_per_token_ms'])]
  if (tokens === undefined || ms === undefined || each === undefined) return tokens
  return Math.round(ms / each) === tokens - 1 ? tokens - 1 : tokens
}
