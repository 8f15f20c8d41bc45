import { status } from '@grpc/grpc-js'
import type { FailureReason } from '../domain/timeline.ts'
import { evidence } from './evidence.ts'
import { reasonOf } from './http-dial.ts'

/** What a server's own status means, where it was its whole answer: as the status of HTTP that says the same. */
const reasons: Readonly<Record<number, FailureReason>> = {
  [status.INVALID_ARGUMENT]: 'request-refused',
  [status.NOT_FOUND]: 'request-refused',
  [status.ALREADY_EXISTS]: 'request-refused',
  [status.FAILED_PRECONDITION]: 'request-refused',
  [status.OUT_OF_RANGE]: 'request-refused',
  [status.UNIMPLEMENTED]: 'request-refused',
  [status.PERMISSION_DENIED]: 'unauthorized',
  [status.UNAUTHENTICATED]: 'unauthorized',
  [status.RESOURCE_EXHAUSTED]: 'rate-limited',
}

const ok: number = status.OK

/** How a call ended, as the library tells it, with what it does not tell. */
export type CallEnd = {
  code: number
  details: string
  /** The server ended the stream in order: the status is its own. */
  isServers: boolean
  /** The code with which it broke the stream off. */
  resetCode?: number
  /** The connection ended before the stream did; in order where there is no error. */
  closed?: { error?: Error }
  /** Messages that had come. */
  messages: number
}

/** Why a call failed; `undefined` where it did not. */
export function callFailure(end: CallEnd): { reason: FailureReason; detail: string } | undefined {
  const { code, details, isServers, resetCode, closed, messages } = end
  if (code === ok) return undefined
  const said = `${nameOf(code)}: ${evidence(details)}`
  if (isServers) return { reason: messages > 0 ? 'error-in-stream' : (reasons[code] ?? 'server-error'), detail: said }
  const after = `after ${messages} ${messages === 1 ? 'message' : 'messages'}`
  if (resetCode !== undefined)
    return { reason: 'connection-reset', detail: `the server reset the stream ${after} (code ${resetCode})` }
  if (closed?.error) return { reason: 'connection-reset', detail: `${reasonOf(closed.error)} ${after}` }
  if (closed) return { reason: 'closed-early', detail: `the server closed the connection ${after}` }
  return { reason: 'malformed-response', detail: said }
}

/** `NOT_FOUND`, and the number where it has no name. */
export const nameOf = (code: number): string => status[code] ?? `status ${code}`
