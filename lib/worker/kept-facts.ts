import { homedir } from 'node:os'
import { attachedUrl } from '../domain/backend-config.ts'
import type { LaunchSpec } from '../domain/launch.ts'
import type { Conditions, EngineFacts, ServerFacts } from '../domain/manifest.ts'
import { withoutHome } from '../domain/without-home.ts'

type Kept = { engine: EngineFacts; conditions: Pick<Conditions, 'engine'> }

/**
 * What the manifest has of an engine. Of a server that a launch starts the port is another each time, the model's files lie where
 * this machine has them, and some of what it computes with depends on the moment: the setup is the same.
 */
export function keptFacts(all: EngineFacts, { backend, artifact }: Pick<LaunchSpec, 'backend' | 'artifact'>): Kept {
  const { memory: _, ...facts } = all
  if (attachedUrl(backend) !== undefined || facts.server === undefined) return { engine: facts, conditions: {} }
  const { varying, ...server } = facts.server
  const kept = { ...server, ...placeless(server, artifact.path), url: server.url.replace(/:\d+$/, '') }
  return { engine: { ...facts, server: kept }, conditions: varying ? { engine: varying } : {} }
}

/** What it says with the last part of its model's path in place of the path, and without the user's home folder. */
function placeless({ model, says, command, settings }: ServerFacts, path: string): Partial<ServerFacts> {
  const name = path.split(/[/\\]/).at(-1) ?? path
  const clean = <T>(value: T) =>
    typeof value === 'string' ? (withoutHome(value.replaceAll(path, name), homedir()) as T) : value
  const all = <T>(fields: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, clean(value)]))
  return {
    model: clean(model),
    says: all(says),
    ...(command !== undefined && { command: clean(command) }),
    ...(settings !== undefined && { settings: all(settings) }),
  }
}
