import { attachedUrl, type BackendConfig } from '../domain/backend-config.ts'
import type { EngineFacts } from '../domain/manifest.ts'

/** What the manifest has of an engine: the port of a server that a launch starts, and memory, are another each time, and the setup is the same. */
export function keptFacts(all: EngineFacts, backend: BackendConfig): EngineFacts {
  const { memory: _, ...facts } = all
  if (attachedUrl(backend) !== undefined || facts.server === undefined) return facts
  return { ...facts, server: { ...facts.server, url: facts.server.url.replace(/:\d+$/, '') } }
}
