import type { BackendConfig } from '../domain/backend-config.ts'
import type { ServerFacts } from '../domain/manifest.ts'

/** Cores that a launch has to have for itself, and the words for what it does with them. */
export type NeededCores = { cores: number; doing: string }

/**
 * What a launch needs of the machine: its engine's threads, or a core for each process of its client, and one for the emulator
 * that it has started; of `all` cores at most, as who then is in whose way is for the client to say. `undefined` for a server on
 * this machine, whose work cannot be told apart from that of others.
 */
export function neededCores(backend: BackendConfig, all: number, server?: ServerFacts): NeededCores | undefined {
  switch (backend.kind) {
    case 'llama.cpp':
    case 'transformers':
    case 'vllm-offline':
      return { cores: backend.threads, doing: `the engine computed with ${counted(backend.threads, 'thread', 's')}` }
    case 'emulator': {
      const doing = `the client had ${counted(backend.clientProcesses, 'process', 'es')} beside the emulator`
      return { cores: Math.min(all, backend.clientProcesses + 1), doing }
    }
    case 'openai':
    case 'vllm':
    case 'transformers-serve':
    case 'llama-server':
    case 'llama-cpp-python':
    case 'ollama':
    case 'tgi':
    case 'tgis':
    case 'caikit':
    case 'caikit-http': {
      if (server?.place !== 'remote') return undefined
      const doing = `the client had ${counted(backend.clientProcesses, 'process', 'es')}`
      return { cores: Math.min(all, backend.clientProcesses), doing }
    }
  }
}

const counted = (count: number, word: string, plural: string) => `${count} ${word}${count === 1 ? '' : plural}`
