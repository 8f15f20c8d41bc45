import { type Fields, fieldsOf } from '../wire/json-fields.ts'
import type { Carried } from './answer-events.ts'
import type { Usage } from './protocol.ts'
import { countOf, shownJson, textOf } from './said-values.ts'

const nothing: Carried = { channel: 'text', text: '', alone: '' }

/** The choice of index 0: others are further answers to the same prompt, which are not asked for and not counted. */
export function firstChoice(chunk: Fields): Fields | undefined {
  const { choices } = chunk
  if (!Array.isArray(choices)) return undefined
  const first = fieldsOf(choices[0])
  if ((first?.['index'] ?? 0) === 0) return first
  return fieldsOf((choices as unknown[]).find((choice) => fieldsOf(choice)?.['index'] === 0))
}

/**
 * What a choice brings: `text` is all of it, `alone` the part that is the answer. Where one chunk has several channels it
 * counts as the one that a reader sees first.
 */
export function carriedBy(choice: Fields): Carried {
  const delta = choice['delta'] as Fields | null | undefined
  if (typeof delta !== 'object' || delta === null) {
    const text = choice['text']
    return typeof text === 'string' && text !== '' ? { channel: 'text', text, alone: text } : nothing
  }
  const alone = textOf(delta['content']) || textOf(delta['refusal'])
  const reasoning = textOf(delta['reasoning_content']) || textOf(delta['reasoning'])
  const tool = delta['tool_calls'] === undefined ? '' : toolText(delta['tool_calls'])
  const channel = alone !== '' ? 'text' : tool !== '' ? 'tool' : 'reasoning'
  return reasoning === '' && tool === ''
    ? { channel: 'text', text: alone, alone }
    : { channel, text: reasoning + alone + tool, alone }
}

/** The text of a chunk that brings a piece of the answer and says nothing else; `undefined` of any other. */
export function plainText(chunk: Fields | undefined): string | undefined {
  if (!chunk || isSaid(chunk['error']) || isSaid(chunk['usage']) || chunk['timings'] !== undefined) return undefined
  const choice = firstChoice(chunk)
  if (!choice || isSaid(choice['finish_reason'])) return undefined
  const { text, alone } = carriedBy(choice)
  return text !== '' && text === alone ? text : undefined
}

const isSaid = (value: unknown) => value !== undefined && value !== null && value !== ''

function toolText(calls: unknown): string {
  if (!Array.isArray(calls)) return ''
  return (calls as unknown[])
    .map((call) => fieldsOf(fieldsOf(call)?.['function']))
    .map((called) => textOf(called?.['name']) + textOf(called?.['arguments']))
    .join('')
}

/** The server's token counts in a chunk; of a llama-server's `timings` where there is no `usage`. */
export function usageOf(chunk: Fields): Usage | undefined {
  const usage = fieldsOf(chunk['usage'])
  const timings = fieldsOf(chunk['timings'])
  if (usage === undefined && timings === undefined) return undefined
  const promptTokens = countOf(usage?.['prompt_tokens'])
  const outputTokens = countOf(usage?.['completion_tokens'] ?? timings?.['predicted_n'])
  const details = fieldsOf(usage?.['prompt_tokens_details'])
  const cachedTokens = countOf(details?.['cached_tokens'] ?? timings?.['cache_n'])
  return {
    ...(promptTokens !== undefined && { promptTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(cachedTokens !== undefined && { cachedTokens }),
  }
}

/** What a server says went wrong, in a chunk or in a body; `undefined` where it says nothing of that kind. */
export function errorOf(fields: Fields): string | undefined {
  const { error } = fields
  if (typeof error === 'string') return error
  if (typeof fields['details'] === 'string' && fields['code'] !== undefined) return fields['details'] // Caikit's form
  const inner = fieldsOf(error) ?? (fields['object'] === 'error' ? fields : undefined)
  if (inner === undefined) return undefined
  const message = textOf(inner['message'])
  return message === '' ? shownJson(inner) : message
}
