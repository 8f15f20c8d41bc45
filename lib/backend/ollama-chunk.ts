import type { EngineTimings } from '../domain/timeline.ts'
import { type Fields, fieldsOf } from '../wire/json-fields.ts'
import type { Carried } from './answer-events.ts'
import type { Said } from './json-reader.ts'
import { countOf, durationOf, textOf } from './said-values.ts'

/** What a line of `/api/generate` or `/api/chat` says. */
export function ollamaSaid(line: Fields): Said {
  const error = line['error']
  if (error !== undefined && error !== null) return { error: typeof error === 'string' ? error : JSON.stringify(error) }
  const carried = carriedBy(line)
  return line['done'] === true ? { carried, ...last(line) } : { carried }
}

function carriedBy(line: Fields): Carried {
  const message = fieldsOf(line['message'])
  const alone = message === undefined ? textOf(line['response']) : textOf(message['content'])
  const reasoning = textOf((message ?? line)['thinking'])
  const tool = toolText((message ?? line)['tool_calls'])
  const channel = alone !== '' ? 'text' : tool !== '' ? 'tool' : reasoning !== '' ? 'reasoning' : 'text'
  return { channel, text: reasoning + alone + tool, alone }
}

function toolText(calls: unknown): string {
  if (!Array.isArray(calls)) return ''
  return (calls as unknown[])
    .map((call) => fieldsOf(fieldsOf(call)?.['function']))
    .map((called) => textOf(called?.['name']) + JSON.stringify(called?.['arguments'] ?? {}))
    .join('')
}

/** The last line: counts, and durations in nanoseconds, of which those that are zero are left out. */
function last(line: Fields): Said {
  const finish = textOf(line['done_reason']) || undefined
  const promptTokens = countOf(line['prompt_eval_count'])
  const counted = countOf(line['eval_count'])
  // Its count has the token that ended the answer, which is no part of it.
  const outputTokens = counted === undefined || finish !== 'stop' ? counted : Math.max(0, counted - 1)
  const engine = timesOf(line)
  return {
    isLast: true,
    finish,
    usage: { ...(promptTokens !== undefined && { promptTokens }), ...(outputTokens !== undefined && { outputTokens }) },
    ...(Object.keys(engine).length > 0 && { engine }),
  }
}

// The prompt's time is of the tokens that were in no cache, and their number is not said: there is no rate of it.
function timesOf(line: Fields): EngineTimings {
  const ns = (name: string) => durationOf(line[name])
  const [loadNs, promptNs, decodeNs, totalNs] = [
    ns('load_duration'),
    ns('prompt_eval_duration'),
    ns('eval_duration'),
    ns('total_duration'),
  ]
  const decodeTokens = countOf(line['eval_count'])
  return {
    ...(loadNs !== undefined && { loadMs: loadNs / 1e6 }),
    ...(promptNs !== undefined && { promptMs: promptNs / 1e6 }),
    ...(decodeNs !== undefined && decodeTokens !== undefined && { decodeTokens, decodeMs: decodeNs / 1e6 }),
    ...(totalNs !== undefined && { totalMs: totalNs / 1e6 }),
  }
}
