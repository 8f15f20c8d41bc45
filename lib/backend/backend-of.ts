import type { Backend } from '../domain/backend.ts'
import type { BackendConfig } from '../domain/backend-config.ts'

const server = async () => (await import('./engine-server.ts')).engineServer
const grpc = async () => (await import('./grpc-server.ts')).grpcServer
const python = async () => (await import('./python-engine.ts')).pythonEngine

/** A new backend is one file and one line here; it is loaded only where a launch asks for it. */
const backends = {
  'llama.cpp': async () => (await import('./llama-cpp.ts')).llamaCpp,
  openai: async () => (await import('./openai.ts')).openAi,
  emulator: async () => (await import('./emulator.ts')).emulator,
  vllm: server,
  'transformers-serve': server,
  'llama-server': server,
  'llama-cpp-python': server,
  ollama: server,
  tgi: server,
  tgis: grpc,
  caikit: grpc,
  'caikit-http': async () => (await import('./caikit-http.ts')).caikitHttp,
  transformers: python,
  'vllm-offline': python,
} satisfies Record<BackendConfig['kind'], () => Promise<Backend<never>>>

/** The backend of a kind. */
export async function backendOf(kind: BackendConfig['kind']): Promise<Backend> {
  return await backends[kind]()
}
