import type { RequestTimeline } from '../domain/timeline.ts'
import type { Answer } from './protocol.ts'

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
