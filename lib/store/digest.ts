import { createHash } from 'node:crypto'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { Manifest } from '../domain/manifest.ts'

/** SHA-256 in hex. */
export const digestOf = (text: string) => createHash('sha256').update(text).digest('hex')

/** A manifest's digest, and that of its setup: what it says without the conditions, which change from run to run. */
export function manifestDigests(manifest: Manifest): { digest: string; setup: string } {
  const { conditions: _, ...setup } = manifest
  return { digest: digestOf(canonicalJson(manifest)), setup: digestOf(canonicalJson(setup)) }
}
