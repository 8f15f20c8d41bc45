import type { BackendConfig, ServerConfig } from '../domain/backend-config.ts'
import type { ServerFacts } from '../domain/manifest.ts'

/** Cores that a launch has to have for itself, and the words for what it does with them. */
export type NeededCores = { cores: number; doing: string }

/**
 * What a launch needs of the machine: its engine's threads, or a core for each process of its client, and one for the emulator
 * that it has started; of `all` cores at most, as who then is in whose way is for the client to say. `undefined` for a server on
 * this machine whose threads are not known: its work cannot be told apart from that of others then.
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
      const doing = `the client had ${counted(backend.clientProcesses, 'process', 'es')}`
      const threads = launchedThreads(backend)
      if (threads !== undefined) {
        const cores = Math.min(all, backend.clientProcesses + threads)
        return { cores, doing: `${doing} beside a server of ${counted(threads, 'thread', 's')}` }
      }
      if (server?.place !== 'remote') return undefined
      return { cores: Math.min(all, backend.clientProcesses), doing }
    }
  }
}

/** Threads that a server is started with, where the file says so. */
function launchedThreads(backend: ServerConfig): number | undefined {
  if (!('launch' in backend)) return undefined
  const { args, env } = backend.launch
  const said = [args['threads'], args['n_threads'], env['OMP_NUM_THREADS']].find((threads) => threads !== undefined)
  return Number.isInteger(Number(said)) && Number(said) > 0 ? Number(said) : undefined
}

const counted = (count: number, word: string, plural: string) => `${count} ${word}${count === 1 ? '' : plural}`
