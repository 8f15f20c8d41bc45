import type { Ns } from '../domain/timeline.ts'
import type { StreamResult } from '../wire/http-exchange.ts'
import { toldBy } from './answer-told.ts'
import type { Answer } from './protocol.ts'

/** An answer ended with its last word, such as `[DONE]`, where its server never ended the response, or broke the connection later on. */
export const doneAtOf = ({ end, doneAt }: StreamResult, { endedAt }: Answer): Ns =>
  end.status === 'failed' ? (endedAt ?? doneAt) : doneAt

/** What a timeline has of an answer, and of the connection that brought it. */
export function observed(chunks: Answer, { connectNs, stream }: StreamResult) {
  return {
    ...(connectNs > 0 && { connectUs: Math.round(connectNs / 1000) }),
    ...toldBy(chunks),
    ...(stream && { stream }),
  }
}
