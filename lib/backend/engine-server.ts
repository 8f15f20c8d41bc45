import { type Backend, EngineFailure } from '../domain/backend.ts'
import { attachedUrl, type EngineServerConfig } from '../domain/backend-config.ts'
import { attached } from './attached.ts'

/** A server of which the engine is known: attached to where it has a url. */
export const engineServer: Backend<EngineServerConfig> = {
  start(launch, context) {
    const { backend, model } = launch
    const url = attachedUrl(backend)
    if (url === undefined) throw new EngineFailure('engine-error', `${backend.kind} is not started yet: give it a url`)
    return attached(launch, { ...backend, url, model }, context)
  },
}
