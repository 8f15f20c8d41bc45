import { createHash } from 'node:crypto'
import type { Manifest } from '../domain/manifest.ts'

/** SHA-256 in hex. */
export const digestOf = (text: string) => createHash('sha256').update(text).digest('hex')

/** A manifest's digest, and that of its setup: what it says without the conditions, which change from run to run. */
export function manifestDigests(manifest: Manifest): { digest: string; setup: string } {
  const { conditions: _, ...setup } = manifest
  return { digest: digestOf(sortedJson(manifest)), setup: digestOf(sortedJson(setup)) }
}

// The order of keys says nothing, so it must not change a digest.
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
