import type { Backend } from '../domain/backend.ts'
import type { BackendConfig } from '../domain/cell.ts'

/** A new backend is one file and one line here; it is loaded only where a launch asks for it. */
const backends = {
  'llama.cpp': async () => (await import('./llama-cpp.ts')).llamaCpp,
  openai: async () => (await import('./openai.ts')).openAi,
  emulator: async () => (await import('./emulator.ts')).emulator,
} satisfies { [Kind in BackendConfig['kind']]: () => Promise<Backend<Extract<BackendConfig, { kind: Kind }>>> }

/** The backend of a kind. */
export async function backendOf(kind: BackendConfig['kind']): Promise<Backend> {
  return await backends[kind]()
}
