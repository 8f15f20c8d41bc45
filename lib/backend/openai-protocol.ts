import { attach } from './openai-attach.ts'
import { askFor } from './openai-body.ts'
import { ChunkReader } from './openai-chunks.ts'
import type { Protocol } from './protocol.ts'

/** `/v1/chat/completions` and `/v1/completions`, as server-sent events. */
export const openAiProtocol: Protocol = {
  attach,
  ask: askFor,
  reader: (maxTokens, onContent) => new ChunkReader(maxTokens, onContent),
  accept: 'text/event-stream',
  ending: 'a finish_reason, usage or [DONE]',
}
