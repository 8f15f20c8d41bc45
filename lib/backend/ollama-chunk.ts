import type { EngineTimings } from '../domain/timeline.ts'
import { type Fields, fieldsOf } from '../wire/json-fields.ts'
import type { Carried } from './answer-events.ts'
import type { Said } from './json-reader.ts'
import { countOf, msOf, shownJson, textOf } from './said-values.ts'

/** What a line of `/api/generate` or `/api/chat` says. */
export function ollamaSaid(line: Fields): Said {
  const error = line['error']
  if (error !== undefined && error !== null) return { error: typeof error === 'string' ? error : shownJson(error) }
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
    .map((called) => textOf(called?.['name']) + shownJson(called?.['arguments'] ?? {}))
    .join('')
}

/** The last line: counts, and durations in nanoseconds, of which those that are zero are left out. */
function last(line: Fields): Said {
  const finish = textOf(line['done_reason']) || undefined
  if (finish === 'load' || finish === 'unload')
    return { error: `it ${finish}ed its model, and was asked for an answer` }
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
  const ms = (name: string) => msOf(line[name], 1e6)
  const [loadMs, promptMs, decodeMs, totalMs] = [
    ms('load_duration'),
    ms('prompt_eval_duration'),
    ms('eval_duration'),
    ms('total_duration'),
  ]
  const decodeTokens = countOf(line['eval_count'])
  return {
    ...(loadMs !== undefined && { loadMs }),
    ...(promptMs !== undefined && { promptMs }),
    ...(decodeMs !== undefined && decodeTokens !== undefined && decodeTokens > 0 && { decodeTokens, decodeMs }),
    ...(totalMs !== undefined && { totalMs }),
  }
}
