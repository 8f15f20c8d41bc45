import type { BackendContext } from '../domain/backend.ts'
import type { ServerAccess, ServerConfig, WireSettings } from '../domain/backend-config.ts'
import type { LaunchSpec } from '../domain/launch.ts'
import type { EngineFacts } from '../domain/manifest.ts'
import { apiKey } from './api-key.ts'
import { engineNames } from '../domain/engine-names.ts'
import { likeliestOf } from './likeliest.ts'
import { protocolOf } from './protocols.ts'
import { type OwnServer, ServerEngine } from './server-engine.ts'

/** Where a server is, and what it is asked with. */
type Connection = ServerAccess &
  WireSettings & {
    kind: ServerConfig['kind']
    url: string
    model: string
    /** What the engine ends when it ends. */
    server?: OwnServer
    /** Adds to what the server says of itself. */
    observe?: (facts: EngineFacts) => Promise<EngineFacts>
  }

/** An engine at a server that listens. Throws an `EngineFailure` where it cannot be reached or does not have the model. */
export async function attached(
  launch: LaunchSpec,
  { kind, url, model, apiKey: reference, caFile, extraBody, salt, server, observe }: Connection,
  context: BackendContext,
): Promise<ServerEngine> {
  const { artifact, planId, launchId, files, trials } = launch
  const key = apiKey(reference, process.env)
  const target = { url, ...(caFile !== undefined && { caFile: files?.[caFile] ?? caFile }) }
  const protocol = (workload: Parameters<typeof protocolOf>[1]) => protocolOf(kind, workload)
  const { attach } = protocol(trials[0]?.workload.kind ?? 'completion')
  const said = await attach({ ...target, model, digest: artifact.digest, ...(key !== undefined && { key }) })
  const facts = named(observe ? await observe(said) : said, kind)
  const asked = { target, model, salt, likeliest: likeliestOf(launch) }
  const wire = { ...asked, ...(key !== undefined && { key }), ...(extraBody && { extraBody }) }
  return new ServerEngine({ protocol, wire, launch: { planId, launchId }, context, facts, ...(server && { server }) })
}

/** What a server says of who made it may be anything, or nothing; of one whose kind is named its engine is known. */
const named = (facts: EngineFacts, kind: ServerConfig['kind']): EngineFacts =>
  kind === 'openai' || kind === 'emulator' ? facts : { ...facts, name: engineNames[kind] }
