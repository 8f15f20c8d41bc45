import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** A program of an engine, and what has to be in its environment. */
export type EngineProgram = { program: string; env: Readonly<Record<string, string>> }

const caches = join(process.env['XDG_CACHE_HOME'] || join(process.env['HOME'] ?? '', '.cache'), 'benchbook')
/** Where a part of the suite's engines is: in the user's cache, or where a variable says. */
export const engineFolder = (variable: string, name: string): string => process.env[variable] ?? join(caches, name)

export const engineFolders = {
  vllm: engineFolder('BENCHBOOK_VLLM_ENV', 'vllm'),
  llamaCpp: engineFolder('BENCHBOOK_LLAMA_CPP', 'llama.cpp'),
  llamaCppPython: engineFolder('BENCHBOOK_LLAMA_CPP_PYTHON', 'llama-cpp-python'),
  python: engineFolder('BENCHBOOK_PYTHON_ENV', 'python'),
}
const libraries = join(engineFolders.llamaCpp, 'bin')
// Nothing is fetched and nothing told to anyone while tests run.
const quiet = { HF_HUB_OFFLINE: '1', DO_NOT_TRACK: '1', VLLM_NO_USAGE_STATS: '1' }

const programs = {
  vllm: { program: join(engineFolders.vllm, 'bin/vllm'), env: { ...quiet, VLLM_CPU_KVCACHE_SPACE: '1' } },
  /** A Python with vLLM's `LLM` class. */
  vllmPython: { program: join(engineFolders.vllm, 'bin/python'), env: { ...quiet, VLLM_CPU_KVCACHE_SPACE: '1' } },
  llamaServer: { program: join(libraries, 'llama-server'), env: {} },
  llamaBench: { program: join(libraries, 'llama-bench'), env: {} },
  llamaPerplexity: { program: join(libraries, 'llama-perplexity'), env: {} },
  transformers: { program: join(engineFolders.python, 'bin/transformers'), env: quiet },
  /** A Python with transformers. */
  transformersPython: { program: join(engineFolders.python, 'bin/python'), env: quiet },
  /** A Python with `llama_cpp.server`. */
  llamaCppPython: {
    program: join(engineFolders.llamaCppPython, 'bin/python'),
    env: { LLAMA_CPP_LIB_PATH: libraries },
  },
} satisfies Record<string, EngineProgram>

export type EngineName = keyof typeof programs

/** Where `setup.sh` put an engine's program. Throws where it is not there. */
export function engineProgram(name: EngineName): EngineProgram {
  const found = programs[name]
  if (!hasEngine(name))
    throw new Error(`${name} is not installed (${found.program} is not there): run bash test/system/setup.sh`)
  return found
}

/** Whether a test of these engines is skipped: elsewhere than in CI (where a missing one is a failure), if one is missing. */
export function lacksEngine(...names: EngineName[]): boolean {
  return process.env['CI'] === undefined && !names.every(hasEngine)
}

function hasEngine(name: EngineName): boolean {
  return existsSync(programs[name].program)
}
