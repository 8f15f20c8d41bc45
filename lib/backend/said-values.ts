import type { EngineTimings } from '../domain/timeline.ts'
import { type Fields, fieldsOf } from '../wire/json-fields.ts'

const mostTokens = 1e9

/** A count of tokens, as a server has it; `undefined` of anything else. */
export const countOf = (value: unknown): number | undefined =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= mostTokens ? (value as number) : undefined

/** A time that passed, in a server's unit; `undefined` where it is none. */
export const durationOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A llama-server's own counters, in milliseconds; absent where a chunk has none. */
export function timingsOf(chunk: Fields): EngineTimings | undefined {
  const timings = fieldsOf(chunk['timings'])
  if (timings === undefined) return undefined
  const [promptTokens, decodeTokens] = [countOf(timings['prompt_n']), decodedIn(timings)]
  const [promptMs, decodeMs] = [durationOf(timings['prompt_ms']), durationOf(timings['predicted_ms'])]
  return {
    ...(promptTokens !== undefined && promptMs !== undefined && { promptTokens, promptMs }),
    ...(decodeTokens !== undefined && decodeMs !== undefined && { decodeTokens, decodeMs }),
  }
}

/**
 * The tokens that took `predicted_ms`. In recent versions that time begins at the first token, which `predicted_n` counts and the rate
 * does not: the time for each token tells which it is.
 */
function decodedIn(timings: Fields): number | undefined {
  const tokens = countOf(timings['predicted_n'])
  const [ms, each] = [durationOf(timings['predicted_ms']), durationOf(timings['predicted_per_token_ms'])]
  if (tokens === undefined || ms === undefined || each === undefined) return tokens
  return Math.round(ms / each) === tokens - 1 ? tokens - 1 : tokens
}
