import { plainly, type Said } from './json-reader.ts'
import { countOf, textOf } from './said-values.ts'

const unfinished = 'NOT_FINISHED'
/** A limit on tokens of the server's ends an answer as ours does. */
const limits = ['MAX_TOKENS', 'TOKEN_LIMIT']
/** One on time ends it anywhere, and may before there is any. */
const failures = ['ERROR', 'CANCELLED', 'TIME_LIMIT']

/**
 * What a message of TGIS or of Caikit says, by whatever names: a text, the running count of output tokens, at the end why it
 * stopped. Over the wire a count of 0 and a text of nothing are left out. The token that ends a text is counted, and no part of it.
 */
export function generationSaid(message: {
  text: unknown
  outputTokens: unknown
  promptTokens: unknown
  stopReason: unknown
}): Said {
  const reason = textOf(message.stopReason)
  if (failures.includes(reason)) return { error: `stopped for ${reason}` }
  const isLast = reason !== '' && reason !== unfinished
  const counted = countIn(message.outputTokens)
  const outputTokens = counted !== undefined && reason === 'EOS_TOKEN' ? Math.max(0, counted - 1) : counted
  const promptTokens = countIn(message.promptTokens)
  return {
    carried: plainly(textOf(message.text)),
    counted: outputTokens,
    usage: {
      ...(promptTokens !== undefined && promptTokens > 0 && { promptTokens }), // in the first alone, with TGIS
      ...(isLast && outputTokens !== undefined && { outputTokens }),
    },
    ...(isLast && { isLast, finish: limits.includes(reason) ? 'length' : 'stop' }),
  }
}

/** A count may be text, as protocol buffers have large numbers in JSON. */
const countIn = (value: unknown) => countOf(typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value)
