import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { engineFolder, engineFolders } from './engines.ts'

const builds = {
  /** As `setup.sh` builds it: by this machine's compiler, for this machine. */
  native: engineFolders.llamaCpp,
  /** As `test/bench/llama-cpp-alike.sh` builds it: by the compiler of the embedded engine and with its flags. */
  alike: engineFolder('BENCHBOOK_LLAMA_CPP_ALIKE', 'llama.cpp-alike'),
}

/** The path of a program of llama.cpp; `undefined` where it was not built. */
export function llamaProgram(
  name: 'llama-bench' | 'llama-perplexity',
  build: keyof typeof builds = 'native',
): string | undefined {
  const path = join(builds[build], 'bin', name)
  return existsSync(path) ? path : undefined
}
