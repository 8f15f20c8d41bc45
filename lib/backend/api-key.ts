import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { EngineFailure } from '../domain/backend.ts'
import type { RecordedStream } from '../domain/timeline.ts'
import { secretOf } from '../domain/secret-reference.ts'
import { keyBeginning, keyRanges } from './find-key.ts'

/**
 * The secret that a reference such as `${env:NAME}` stands for, which is read when it is needed and kept nowhere. Throws an
 * `EngineFailure` (`unauthorized`) that names the variable, never what it holds.
 */
export function apiKey(
  reference: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (reference === undefined) return undefined
  const found = secretOf(reference, env)
  if (found.status === 'missing') throw new EngineFailure('unauthorized', found.why)
  return found.secret
}

/** A server that answers with the key that it was sent is no reason to keep it. */
export function withoutKey(text: string, key: string | undefined): string {
  return key === undefined ? text : starred(text, key, () => '***')
}

/** Where evidence was cut (`evidence.ts`, `malformed-response.ts`), or ends. */
const cuts = /(?=…|"?\.\.\.)/

/** The same of text that was cut for a message: the cut may have left a beginning of the key, which is found no more. */
export function cutWithoutKey(text: string, key: string | undefined): string {
  if (key === undefined) return text
  return withoutKey(text, key)
    .split(cuts)
    .map((piece) => {
      const from = keyBeginning(piece, key)
      return from === undefined ? piece : `${piece.slice(0, from)}***`
    })
    .join('')
}

/**
 * The same of an answer's bytes, of which none may go: their places are the times of others. `undefined` where the key lies in
 * pieces, between the chunks of HTTP: whoever reads them again puts it together.
 */
export function streamWithoutKey(stream: RecordedStream, key: string | undefined): RecordedStream | undefined {
  if (key === undefined) return stream
  const bytes = inflateRawSync(Buffer.from(stream.bytes, 'base64')).toString('latin1')
  const kept = starred(bytes, key, (length) => '*'.repeat(length))
  if (keyRanges(kept.replaceAll(chunkLine, ''), key).length > 0) return undefined
  return kept === bytes ? stream : { ...stream, bytes: deflateRawSync(Buffer.from(kept, 'latin1')).toString('base64') }
}

const chunkLine = /\r\n[\da-f]{1,12}(?:;[^\r\n]{0,256})?\r\n/gi

function starred(text: string, key: string, stars: (length: number) => string): string {
  let [kept, from] = ['', 0]
  for (const { start, end } of keyRanges(text, key)) {
    if (end <= from) continue
    kept += text.slice(from, Math.max(from, start)) + stars(end - Math.max(from, start))
    from = end
  }
  return kept + text.slice(from)
}
