import { type Backend, EngineFailure } from '../domain/backend.ts'
import type { PythonConfig } from '../domain/backend-config.ts'

/** Transformers or vLLM in a Python process of ours. */
export const pythonEngine: Backend<PythonConfig> = {
  start({ backend }) {
    throw new EngineFailure('engine-error', `${backend.kind} is not started yet`)
  },
}
