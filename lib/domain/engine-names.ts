import type { ServerConfig } from './backend-config.ts'

/** What people call the engine of a server whose kind is named. */
export const engineNames: Readonly<Record<Exclude<ServerConfig['kind'], 'openai' | 'emulator'>, string>> = {
  vllm: 'vLLM',
  'transformers-serve': 'transformers serve',
  'llama-server': 'llama-server',
  'llama-cpp-python': 'llama_cpp.server',
  ollama: 'Ollama',
  tgi: 'TGI',
  tgis: 'TGIS',
  caikit: 'Caikit',
  'caikit-http': 'Caikit',
}
