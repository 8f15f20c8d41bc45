import { parsedFields } from '../wire/json-fields.ts'
import { carriedBy, firstChoice } from './openai-chunk.ts'
import type { Recording } from '../emulator/read-recording.ts'
import { StreamDecoder } from '../wire/stream-decoder.ts'

/** What a recorded stream's events say, and when: microseconds after the request. */
export function recordedText(recording: Recording): { text: string; atUs: number }[] {
  const said: { text: string; atUs: number }[] = []
  const decoder = new StreamDecoder((data, atUs) => {
    const choice = firstChoice(parsedFields(data) ?? {})
    const { text } = choice === undefined ? { text: '' } : carriedBy(choice)
    if (text !== '') said.push({ text, atUs })
  })
  for (const [read, { atUs, bytes }] of recording.entries()) {
    const part = Buffer.from(bytes, 'latin1')
    if (part.length === 0) decoder.close()
    else decoder.push(part, 0, part.length, atUs, read)
  }
  return said
}
