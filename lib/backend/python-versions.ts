import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { runCommand } from '../shell/run-command.ts'
import type { Settings } from './recipe.ts'

const script = `
import importlib.metadata as m, sys
for name in sys.argv[1:]:
    try: print(name, m.version(name))
    except Exception: pass
`

/** The versions of packages of the Python that a program belongs to, or that it is: without importing any of them. */
export async function pythonVersions(
  program: string,
  packages: readonly string[],
  signal: AbortSignal,
): Promise<Settings> {
  const python = basename(program).startsWith('python') ? program : pythonBeside(program)
  if (python === undefined || signal.aborted) return {}
  const { code, stdout } = await runCommand([python, '-c', script, ...packages], { signal })
  if (code !== 0) return {}
  return Object.fromEntries(stdout.split('\n').flatMap((line) => (/^\S+ \S+$/.test(line) ? [line.split(' ')] : [])))
}

/** Scripts of a virtual environment lie beside its Python. */
function pythonBeside(program: string): string | undefined {
  return ['python3', 'python'].map((name) => join(dirname(program), name)).find((path) => existsSync(path))
}
