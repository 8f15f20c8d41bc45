import { join } from 'node:path'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { runCommand } from '../shell/run-command.ts'
import { findLab, type Place } from './lab.ts'

/** Starting Python and importing JupyterLab take seconds on a small machine. */
const timeoutMs = 60_000

type Needs = 'jupyterlab' | 'nbclient'

/** A Python that has a package: of the lab's `.venv`, of the environment that is active, or the one on the PATH. */
export async function pythonWith(needs: Needs, { cwd, env }: Place): Promise<string | undefined> {
  const { root } = findLab(cwd)
  const active = env['VIRTUAL_ENV']
  const places = [join(root, '.venv', 'bin', 'python'), ...(active ? [join(active, 'bin', 'python')] : []), 'python3']
  for (const python of places) {
    const { code } = await runCommand([python, '-c', `import ${needs}`], { timeoutMs })
    if (code === 0) return python
  }
  return undefined
}

/** As `pythonWith`; throws a `UserError` that says how to install it. */
export async function findPython(needs: Needs, place: Place): Promise<string> {
  const found = await pythonWith(needs, place)
  if (found !== undefined) return found
  throw new UserError(
    [
      `no Python here has ${needs}: install it in this lab (${findLab(place.cwd).root}) with`,
      '  python3 -m venv .venv',
      '  .venv/bin/pip install jupyterlab nbclient',
      'Debian and Ubuntu need `sudo apt install python3-venv` before that.',
    ].join('\n'),
    exitCodes.unavailable,
  )
}
