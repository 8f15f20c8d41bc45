import type { BackendConfig, LlamaCppConfig } from '../lib/domain/backend-config.ts'
import type { CellConfig } from '../lib/domain/cell.ts'

/** The settings of the embedded engine that a cell runs on; fails where it runs on another. */
export function embedded({ backend }: Pick<CellConfig, 'backend'> | { backend: BackendConfig }): LlamaCppConfig {
  if (backend.kind !== 'llama.cpp') throw new Error(`${backend.name} is not embedded`)
  return backend
}

/** The embedded engine at its smallest. */
export const smallestEngine: LlamaCppConfig = {
  name: 'llama.cpp',
  kind: 'llama.cpp',
  threads: 1,
  batchSize: 512,
  contextSize: 256,
  flashAttention: true,
  mmap: true,
}
