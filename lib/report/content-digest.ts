import { createHash } from 'node:crypto'
import { canonicalJson } from '../domain/canonical-json.ts'

/** SHA-256 in hex of a value: equal content has an equal digest, however it came about. */
export function contentDigest(value: unknown): string {
  return sha256(canonicalJson(value))
}

/** SHA-256 in hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
