import { createHash } from 'node:crypto'

/** SHA-256 in hex of `value` as JSON with sorted keys: equal content has an equal digest, however it came about. */
export function contentDigest(value: unknown): string {
  return sha256(JSON.stringify(value, sorted))
}

/** SHA-256 in hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
