import type { RecordedStream, RequestOutcome } from '../domain/timeline.ts'
import { replayCall } from '../wire/replay-call.ts'
import { replayStream } from '../wire/replay-stream.ts'
import { outcomeOf } from './answer-outcome.ts'
import { type Told, toldBy } from './answer-told.ts'
import type { Protocol } from './protocol.ts'

/**
 * Reads the bytes of an answer that were kept as they were read when they came: the same times, counts and text. How it ended
 * is absent where that is not in the bytes: the connection was reset, or the request was stopped. Throws where the recording
 * contradicts itself.
 */
export function readAgain(
  stream: RecordedStream,
  maxTokens: number,
  { reader: open, accept, ending, recorded }: Pick<Protocol, 'reader' | 'accept' | 'ending' | 'recorded'>,
): { told: Told; outcome?: RequestOutcome } {
  const reader = open(maxTokens)
  const onEvent = (data: string, atUs: number, read: number) => reader.take(data, 1000 * atUs, read)
  const response = recorded === undefined ? replayStream(stream, onEvent) : replayCall(stream, recorded, onEvent)
  const chunks = reader.result(0)
  const outcome = outcomeOf(response, chunks, { maxTokens, accept, ending })
  const isOpen = outcome.status === 'failed' && outcome.reason === 'connection-reset'
  return { told: toldBy(chunks), ...(!isOpen && { outcome }) }
}
