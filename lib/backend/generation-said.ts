import type { Said } from './json-reader.ts'

const unfinished = 'NOT_FINISHED'
/** A limit of the server's ends an answer as ours does. */
const limits = ['MAX_TOKENS', 'TOKEN_LIMIT', 'TIME_LIMIT']
const failures = ['ERROR', 'CANCELLED']

/**
 * What a message of TGIS or of Caikit says, by whatever names: a text, the running count of output tokens, at the end why it
 * stopped. Over the wire a count of 0 and a text of nothing are left out.
 */
export function generationSaid(message: {
  text: unknown
  outputTokens: unknown
  promptTokens: unknown
  stopReason: unknown
}): Said {
  const { text, stopReason } = message
  const [promptTokens, outputTokens] = [counted(message.promptTokens), counted(message.outputTokens)]
  const reason = typeof stopReason === 'string' && stopReason !== unfinished ? stopReason : undefined
  if (reason !== undefined && failures.includes(reason)) return { error: `stopped for ${reason}` }
  return {
    ...(typeof text === 'string' && { carried: { channel: 'text', text, alone: text } }),
    counted: outputTokens,
    usage: {
      ...(promptTokens !== undefined && { promptTokens }),
      ...(outputTokens !== undefined && { outputTokens }),
    },
    ...(reason !== undefined && { finish: limits.includes(reason) ? 'length' : 'stop', isLast: true }),
  }
}

const counted = (value: unknown) => (typeof value === 'number' && value > 0 ? value : undefined)
