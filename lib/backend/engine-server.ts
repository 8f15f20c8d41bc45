import { type Backend, EngineFailure } from '../domain/backend.ts'
import { attachedUrl, type EngineServerConfig } from '../domain/backend-config.ts'
import { attached } from './attached.ts'
import { freePort, isFree } from './free-port.ts'
import { type LaunchedConfig, startLaunched } from './start-launched.ts'

/** How often a port is sought that another program takes before the server does. */
const mostPorts = 3

/** A server of which the engine is known: attached to where it has a url, else started, and ended with the engine. */
export const engineServer: Backend<EngineServerConfig> = {
  async start(launch, context) {
    const { backend, model } = launch
    const url = attachedUrl(backend)
    if (url !== undefined) return attached(launch, { ...backend, url, model }, context)
    const started = { ...launch, backend: backend as LaunchedConfig }
    const { port } = started.backend.launch
    if (port !== undefined) {
      if (!(await isFree(port))) throw new EngineFailure('port-in-use', inUse(port))
      return startLaunched(started, context, port)
    }
    for (let left = mostPorts - 1; ; left -= 1)
      try {
        return await startLaunched(started, context, await freePort())
      } catch (error) {
        if (left === 0 || !(error instanceof EngineFailure && error.reason === 'port-in-use')) throw error
        context.log(`${error.message}; trying another port`)
      }
  },
}

const inUse = (port: number) =>
  `port ${port} of 127.0.0.1 is in use by another program: end that, or leave launch.port out for one that is free`
