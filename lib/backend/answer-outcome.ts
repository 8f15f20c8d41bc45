import { STATUS_CODES } from 'node:http'
import type { RequestOutcome } from '../domain/timeline.ts'
import { evidence } from '../wire/evidence.ts'
import { framingOf } from '../wire/framing.ts'
import { parsedFields } from '../wire/json-fields.ts'
import { errorOf } from './openai-chunk.ts'
import type { Answer as Events, Protocol } from './protocol.ts'
import { textOf } from './said-values.ts'

type Failure = Extract<RequestOutcome, { status: 'failed' }>
type Answer = { status?: number; headers: Readonly<Record<string, string>>; body: string }
type Response = Answer & {
  end: { status: 'complete' } | { status: 'failed'; reason: Failure['reason']; detail: string }
}

const failed = (reason: Failure['reason'], detail: string): Failure => ({ status: 'failed', reason, detail })

/** Why an answer is a refusal, by its status, with what it said; `undefined` where it is none. */
export function refusalOf({ status, headers, body }: Answer): Failure | undefined {
  if (status === undefined || (status >= 200 && status < 300)) return undefined
  const fields = parsedFields(body) ?? {}
  const said = errorOf(fields) ?? (textOf(fields['detail']) || body) // FastAPI's form
  const after = headers['retry-after'] === undefined ? '' : `, Retry-After: ${evidence(headers['retry-after'])}`
  const to = headers['location'] === undefined ? '' : `, Location: ${evidence(headers['location'])}`
  const line = `${status} ${STATUS_CODES[status] ?? ''}`.trim()
  return failed(reasonOf(status), `${line}${after}${to}${said.trim() === '' ? '' : `: ${evidence(said)}`}`)
}

function reasonOf(status: number): Failure['reason'] {
  if (status === 401 || status === 403) return 'unauthorized'
  if (status === 429) return 'rate-limited'
  if (status >= 500) return 'server-error'
  return status < 300 ? 'malformed-response' : 'request-refused'
}

/**
 * How a request ended. What the server says comes before what became of its connection; an answer that was complete stays so
 * whatever happens to the connection afterwards.
 */
export function outcomeOf(
  response: Response,
  chunks: Events,
  { maxTokens, accept, ending }: { maxTokens: number } & Pick<Protocol, 'accept' | 'ending'>,
): RequestOutcome {
  const { end } = response
  const { problem, endedAt } = chunks
  const isOver = endedAt !== undefined || problem !== undefined
  if (end.status === 'failed' && ((end.reason === 'stopped' && !isOver) || response.status === undefined))
    return failed(end.reason, end.detail)
  const refusal = refusalOf(response)
  // In a stream of events there is no body, and what it said is what failed.
  if (refusal && problem && response.body === '') return { ...refusal, detail: `${refusal.detail}: ${problem.detail}` }
  if (refusal) return refusal
  if (problem) return failed(problem.reason, problem.detail)
  // What a server says after its answer, as a status of gRPC, is its own word.
  if (end.status === 'failed' && (!isOver || end.reason === 'error-in-stream')) return failed(end.reason, end.detail)
  const why = withoutStream(response, accept) ?? cutShort(chunks, ending) ?? withoutText(chunks)
  return why ?? { status: 'ok', finish: finishOf(chunks, maxTokens) }
}

function withoutStream({ status, headers, body }: Answer, accept: string): Failure | undefined {
  const type = headers['content-type'] ?? ''
  if (framingOf(type) === framingOf(accept)) return undefined
  const error = errorOf(parsedFields(body) ?? {})
  if (error !== undefined) return failed('error-in-stream', `${status}, and the server said: ${evidence(error)}`)
  const what = type === '' ? 'without a content-type' : `of ${evidence(type)}`
  const came = body.trim() === '' ? ', with an empty body' : `: ${evidence(body)}`
  return failed('malformed-response', `${status} ${what} where ${accept} was asked for${came}`)
}

function cutShort({ isWhole, finish, events }: Events, ending: string): Failure | undefined {
  if (finish === 'abort' || finish === 'error')
    return failed('error-in-stream', `the server ended the answer with finish_reason ${finish}`)
  if (isWhole) return undefined
  const after = `after ${events?.deltasUs.length ?? 0} content events`
  return failed('closed-early', `the stream ended ${after}, without ${ending}`)
}

/**
 * A model may end its answer before it has begun: that is an answer, and says why it ended. Anything else without a text has nothing
 * that could be measured. The token that ends it may be counted.
 */
function withoutText({ events, finish, usage }: Events): Failure | undefined {
  if (events !== undefined) return undefined
  const counted = usage.outputTokens ?? 0
  if (counted > 1) return failed('malformed-response', `no text came, and the server counted ${counted} output tokens`)
  if (finish === 'length')
    return failed('malformed-response', 'no text came, and the server says that its length ended it')
  return finish === undefined ? failed('malformed-response', 'no text came, and nothing that says why') : undefined
}

function finishOf({ finish, usage }: Events, maxTokens: number): 'length' | 'stop' {
  if (finish !== undefined) return finish === 'length' ? 'length' : 'stop'
  return (usage.outputTokens ?? 0) >= maxTokens ? 'length' : 'stop'
}
