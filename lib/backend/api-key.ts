import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { EngineFailure } from '../domain/backend.ts'
import type { RecordedStream } from '../domain/timeline.ts'
import { secretOf } from '../domain/secret-reference.ts'
import { spellingsOf } from './key-spellings.ts'

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
  return key === undefined ? text : text.replaceAll(spellingsOf(key).whole, '***')
}

/** Where evidence was cut (`evidence.ts`, `malformed-response.ts`), or ends. */
const cuts = /(?=…|"?\.\.\.)/

/** The same of text that was cut for a message: the cut may have left a beginning of the key, which is found no more. */
export function cutWithoutKey(text: string, key: string | undefined): string {
  if (key === undefined) return text
  return withoutKey(text, key)
    .split(cuts)
    .map((piece) => piece.replace(spellingsOf(key).beginning, '***'))
    .join('')
}

/** The same of an answer's bytes, of which none may go: their places are the times of others. */
export function streamWithoutKey(stream: RecordedStream, key: string | undefined): RecordedStream {
  if (key === undefined) return stream
  const bytes = inflateRawSync(Buffer.from(stream.bytes, 'base64')).toString('latin1')
  const kept = bytes.replaceAll(spellingsOf(key).whole, (found) => '*'.repeat(found.length))
  return kept === bytes ? stream : { ...stream, bytes: deflateRawSync(Buffer.from(kept, 'latin1')).toString('base64') }
}
