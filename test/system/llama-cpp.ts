import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const caches = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'benchbook')
const builds = {
  /** As `setup.sh` builds it: by this machine's compiler, for this machine. */
  native: process.env['BENCHBOOK_LLAMA_CPP'] ?? join(caches, 'llama.cpp'),
  /** As `test/bench/llama-cpp-alike.sh` builds it: by the compiler of the embedded engine and with its flags. */
  alike: process.env['BENCHBOOK_LLAMA_CPP_ALIKE'] ?? join(caches, 'llama.cpp-alike'),
}

/** The path of a program of llama.cpp; `undefined` where it was not built. */
export function llamaProgram(
  name: 'llama-bench' | 'llama-perplexity',
  build: keyof typeof builds = 'native',
): string | undefined {
  const path = join(builds[build], 'bin', name)
  return existsSync(path) ? path : undefined
}
