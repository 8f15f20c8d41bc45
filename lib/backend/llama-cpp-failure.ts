import { InsufficientMemoryError, NoBinaryFoundError } from 'node-llama-cpp'
import { EngineFailure } from '../domain/backend.ts'
import type { Accelerator } from '../domain/cell.ts'

/** What an error of node-llama-cpp means for a trial. `logged` is what llama.cpp said of it, which is more than the error does. */
export function failureOf(error: unknown, accelerator: Accelerator, logged?: string): EngineFailure {
  if (error instanceof EngineFailure) return error
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof NoBinaryFoundError)
    return new EngineFailure(
      'accelerator-missing',
      `no build of llama.cpp for ${accelerator} is installed here: the README says how to add it`,
      { cause: error },
    )
  if (error instanceof InsufficientMemoryError) return new EngineFailure('out-of-memory', message, { cause: error })
  const why = logged === undefined ? '' : `: ${logged.replace(/^\w+: (?:error loading model: )*/, '')}`
  return new EngineFailure('engine-error', `${message}${why}`, { cause: error })
}
