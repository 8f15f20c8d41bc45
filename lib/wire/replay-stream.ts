import { inflateRawSync } from 'node:zlib'
import type { RecordedStream } from '../domain/timeline.ts'
import type { StreamedResponse } from './http-exchange.ts'
import { StreamDecoder } from './stream-decoder.ts'

/**
 * Decodes bytes that were kept, with the code that decoded them when they came: the same events. `onEvent` gets microseconds
 * from `sent`. Whether a connection was reset or the request was stopped is not in the bytes: a recording that breaks off
 * ends as `connection-reset`. Throws where the recording contradicts itself.
 */
export function replayStream(
  stream: RecordedStream,
  onEvent: (data: string, atUs: number, read: number) => void,
): StreamedResponse {
  const total = stream.lengths.reduce((sum, length) => sum + length, 0)
  const bytes = inflateRawSync(Buffer.from(stream.bytes, 'base64'), { maxOutputLength: Math.max(1, total) })
  if (bytes.length !== total) throw new Error(`a recording of ${bytes.length} bytes whose reads have ${total}`)
  const decoder = new StreamDecoder(onEvent)
  let start = 0
  let atUs = 0
  for (const [read, length] of stream.lengths.entries()) {
    atUs += stream.deltasUs[read] ?? 0
    if (length === 0) decoder.close()
    else decoder.push(bytes, start, start + length, atUs, read)
    start += length
  }
  decoder.fail('connection-reset', 'the recording ends here')
  return decoder.response()
}
