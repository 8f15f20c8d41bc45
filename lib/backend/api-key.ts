import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { EngineFailure } from '../domain/backend.ts'
import type { RecordedStream } from '../domain/timeline.ts'

/**
 * The secret that a reference such as `${env:NAME}` stands for, which is read when it is needed and kept nowhere. Throws an
 * `EngineFailure` (`unauthorized`) that names the variable, never what it holds.
 */
export function apiKey(
  reference: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (reference === undefined) return undefined
  const name = reference.replace(/^\$\{env:|\}$/g, '')
  const key = env[name]?.trim()
  if (key === undefined || key === '')
    throw new EngineFailure(
      'unauthorized',
      `backend.apiKey is ${reference}, and ${name} is not set: set it where benchbook runs`,
    )
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new EngineFailure(
      'unauthorized',
      `backend.apiKey is ${reference}, and ${name} holds what no bearer token may: spaces or unseen characters`,
    )
  return key
}

/** A server that answers with the key that it was sent is no reason to keep it. */
export function withoutKey(text: string, key: string | undefined): string {
  return key === undefined ? text : text.replaceAll(key, '***')
}

/** The same of an answer's bytes, of which none may go: their places are the times of others. */
export function streamWithoutKey(stream: RecordedStream, key: string | undefined): RecordedStream {
  if (key === undefined) return stream
  const bytes = inflateRawSync(Buffer.from(stream.bytes, 'base64'))
  if (!bytes.includes(key)) return stream
  for (let at = bytes.indexOf(key); at >= 0; at = bytes.indexOf(key, at)) bytes.fill('*', at, at + key.length)
  return { ...stream, bytes: deflateRawSync(bytes).toString('base64') }
}
