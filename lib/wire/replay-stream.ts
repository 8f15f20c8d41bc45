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
  const decoder = new StreamDecoder(onEvent)
  for (const { bytes, atUs, read } of readsOf(stream)) {
    if (bytes.length === 0) decoder.close()
    else decoder.push(bytes, 0, bytes.length, atUs, read)
  }
  decoder.fail('connection-reset', 'the recording ends here')
  return decoder.response()
}

/** Its reads, one after the other. Throws where the recording contradicts itself. */
export function readsOf(stream: RecordedStream): { bytes: Buffer; atUs: number; read: number }[] {
  const total = stream.lengths.reduce((sum, length) => sum + length, 0)
  const bytes = inflateRawSync(Buffer.from(stream.bytes, 'base64'), { maxOutputLength: Math.max(1, total) })
  if (bytes.length !== total) throw new Error(`a recording of ${bytes.length} bytes whose reads have ${total}`)
  let [start, atUs] = [0, 0]
  return stream.lengths.map((length, read) => {
    atUs += stream.deltasUs[read] ?? 0
    start += length
    return { bytes: bytes.subarray(start - length, start), atUs, read }
  })
}
