import type { EngineServerKind } from '../domain/backend-config.ts'
import { llamaCppPython } from './llama-cpp-python.ts'
import { llamaServer } from './llama-server.ts'
import { ollama } from './ollama.ts'
import type { Recipe } from './recipe.ts'
import { tgi } from './tgi.ts'
import { transformersServe } from './transformers-serve.ts'
import { vllm } from './vllm.ts'

/** How each kind of server is started; a new one is a file and a line here. */
export const recipes: Readonly<Record<EngineServerKind, Recipe>> = {
  vllm,
  'transformers-serve': transformersServe,
  'llama-server': llamaServer,
  'llama-cpp-python': llamaCppPython,
  ollama,
  tgi,
}
