import { attachedUrl, type BackendConfig } from '../domain/backend-config.ts'
import type { EngineFacts } from '../domain/manifest.ts'

/** What the manifest has of an engine: the port of a server that a launch starts is another each time, and the setup is the same. */
export function keptFacts(facts: EngineFacts, backend: BackendConfig): EngineFacts {
  if (attachedUrl(backend) !== undefined || facts.server === undefined) return facts
  return { ...facts, server: { ...facts.server, url: facts.server.url.replace(/:\d+$/, '') } }
}
