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
  if (key === undefined) return text
  return spellings(key).reduce((left, each) => left.replaceAll(each, '***'), text)
}

/** Where evidence was cut (`evidence.ts`, `malformed-response.ts`), or ends. */
const cuts = /(?=…|"?\.\.\.)/
const leastBeginning = 4

/** The same of text that was cut for a message: the cut may have left a beginning of the key, which is found no more. */
export function cutWithoutKey(text: string, key: string | undefined): string {
  if (key === undefined) return text
  return withoutKey(text, key)
    .split(cuts)
    .map((piece) => withoutBeginning(piece, spellings(key)))
    .join('')
}

function withoutBeginning(piece: string, keys: readonly string[]): string {
  for (const key of keys)
    for (let length = key.length - 1; length >= leastBeginning; length -= 1)
      if (piece.endsWith(key.slice(0, length))) return `${piece.slice(0, -length)}***`
  return piece
}

/** The same of an answer's bytes, of which none may go: their places are the times of others. */
export function streamWithoutKey(stream: RecordedStream, key: string | undefined): RecordedStream {
  if (key === undefined) return stream
  const bytes = inflateRawSync(Buffer.from(stream.bytes, 'base64'))
  const found = spellings(key).filter((each) => bytes.includes(each))
  if (found.length === 0) return stream
  for (const each of found)
    for (let at = bytes.indexOf(each); at >= 0; at = bytes.indexOf(each, at)) bytes.fill('*', at, at + each.length)
  return { ...stream, bytes: deflateRawSync(bytes).toString('base64') }
}

/** As it is, and as JSON has it: some servers put a backslash before each slash. */
function spellings(key: string): string[] {
  const json = JSON.stringify(key).slice(1, -1)
  return [...new Set([key, json, json.replaceAll('/', '\\/')])]
}
