import type { Backend } from '../domain/backend.ts'
import type { CaikitHttpConfig } from '../domain/backend-config.ts'
import { attached } from './attached.ts'

/** Caikit over HTTP, which runs already: asked what it has, and never started or stopped. */
export const caikitHttp: Backend<CaikitHttpConfig> = {
  start: (launch, context) => attached(launch, { ...launch.backend, model: launch.model }, context),
}
