import { type Backend, type BackendContext, EngineFailure } from '../domain/backend.ts'
import type { OpenAiConfig, WireSettings } from '../domain/cell.ts'
import type { LaunchSpec } from '../domain/launch.ts'
import { apiKey } from './api-key.ts'
import { attach } from './openai-attach.ts'
import { OpenAiEngine } from './openai-engine.ts'

/** A server that runs already and speaks the OpenAI protocol: asked what it has, and never started or stopped. */
export const openAi: Backend<OpenAiConfig> = {
  start: (launch, context) => attached(launch, launch.backend, context),
}

/** Where a server is, and what it is asked with; `server`: what the engine ends when it ends. */
type Connection = Pick<OpenAiConfig, 'url' | 'apiKey' | 'caFile' | 'extraBody'> &
  WireSettings & { server?: AsyncDisposable }

/** An engine at a server that listens. Throws an `EngineFailure` where it cannot be reached or does not have the model. */
export async function attached(
  { source, artifact, planId, launchId, files }: LaunchSpec,
  { url, apiKey: reference, caFile, extraBody, salt, server }: Connection,
  context: BackendContext,
): Promise<OpenAiEngine> {
  if (source.kind !== 'served')
    throw new EngineFailure(
      'request-refused',
      'a server is asked for a model by name: give it an artifact { served: NAME }',
    )
  const model = source.name
  const key = apiKey(reference, process.env)
  const target = { url, ...(caFile !== undefined && { caFile: files?.[caFile] ?? caFile }) }
  const facts = await attach({ ...target, model, digest: artifact.digest, ...(key !== undefined && { key }) })
  const wire = { target, model, salt, ...(key !== undefined && { key }), ...(extraBody && { extraBody }) }
  return new OpenAiEngine({ wire, launch: { planId, launchId }, context, facts, ...(server && { server }) })
}
