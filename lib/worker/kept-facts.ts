import type { BackendConfig } from '../domain/cell.ts'
import type { EngineFacts } from '../domain/manifest.ts'

/** What the manifest has of an engine: an emulated server's port is another each time, and the setup is the same. */
export function keptFacts(facts: EngineFacts, kind: BackendConfig['kind']): EngineFacts {
  if (kind !== 'emulator' || facts.server === undefined) return facts
  return { ...facts, server: { ...facts.server, url: facts.server.url.replace(/:\d+$/, '') } }
}
