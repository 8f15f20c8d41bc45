import type { RecordedStream, RequestOutcome, RequestTimeline } from '../domain/timeline.ts'
import type { Answer, Protocol } from './protocol.ts'
import { outcomeOf } from './answer-outcome.ts'
import { replayStream } from '../wire/replay-stream.ts'

/** What of a timeline the bytes of a server's answer tell. */
export type Told = Pick<
  RequestTimeline,
  | 'firstChunkUs'
  | 'emptyChunksUs'
  | 'promptTokens'
  | 'cachedTokens'
  | 'outputTokens'
  | 'tokensFrom'
  | 'events'
  | 'output'
  | 'engine'
>

/** What an answer's chunks came to. */
export function toldBy({ events, usage, engine, output, firstChunkUs, emptyChunksUs }: Answer): Told {
  const { promptTokens, cachedTokens, outputTokens } = usage
  return {
    ...(firstChunkUs !== undefined && { firstChunkUs }),
    ...(emptyChunksUs && { emptyChunksUs }),
    ...(promptTokens !== undefined && { promptTokens }),
    ...(cachedTokens !== undefined && { cachedTokens }),
    ...(outputTokens !== undefined && { outputTokens, tokensFrom: 'usage' as const }),
    ...(events && { events, output }),
    ...(engine && { engine }),
  }
}

/**
 * Reads the bytes of an answer that were kept as they were read when they came: the same times, counts and text. How it ended
 * is absent where that is not in the bytes: the connection was reset, or the request was stopped. Throws where the recording
 * contradicts itself.
 */
export function readAgain(
  stream: RecordedStream,
  maxTokens: number,
  { reader: open, accept, ending }: Pick<Protocol, 'reader' | 'accept' | 'ending'>,
): { told: Told; outcome?: RequestOutcome } {
  const reader = open(maxTokens)
  const response = replayStream(stream, (data, atUs, read) => reader.take(data, 1000 * atUs, read))
  const chunks = reader.result(0)
  const outcome = outcomeOf(response, chunks, { maxTokens, accept, ending })
  const isOpen = outcome.status === 'failed' && outcome.reason === 'connection-reset'
  return { told: toldBy(chunks), ...(!isOpen && { outcome }) }
}
