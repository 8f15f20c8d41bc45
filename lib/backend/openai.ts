import type { Backend } from '../domain/backend.ts'
import type { OpenAiConfig } from '../domain/backend-config.ts'
import { attached } from './attached.ts'

/** A server that runs already and speaks the OpenAI protocol: asked what it has, and never started or stopped. */
export const openAi: Backend<OpenAiConfig> = {
  start: (launch, context) => attached(launch, { ...launch.backend, model: launch.model }, context),
}
