import { existsSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UserError } from '../domain/user-error.ts'
import { makeFolder } from '../shell/make-folder.ts'
import type { Lab } from './lab.ts'
import { writeWhole } from './write-whole.ts'

/** The folder of a lab that Jupyter is to search for kernels, as its JUPYTER_PATH. */
export const jupyterFolder = ({ root }: Pick<Lab, 'root'>) => join(root, '.jupyter')

/**
 * Makes sure that Jupyter finds a TypeScript kernel in the lab: writes the kernelspec where there is none, and the lab's
 * `node_modules/.bin/node`, which it names, as a link to the runtime that runs this.
 */
export async function ensureKernelSpec({ root, packageRoot }: Lab): Promise<void> {
  const modules = join(root, 'node_modules')
  const own = existsSync(join(modules, 'tslab'))
  if (own) linkRuntime(join(modules, '.bin', 'node'))
  const path = join(jupyterFolder({ root }), 'kernels', 'tslab', 'kernel.json')
  if (existsSync(path)) return
  const node = own ? `${ownModules}/.bin/node` : process.execPath
  const tslab = own ? `${ownModules}/tslab` : findTslab(packageRoot)
  const argv = [node, `${tslab}/bin/tslab`, 'kernel', '--config-path', '{connection_file}']
  const spec = { argv, display_name: 'TypeScript', language: 'typescript', interrupt_mode: 'signal' }
  await writeWhole({ path, remedy: 'make room there' }, [`${JSON.stringify(spec, null, 2)}\n`], root)
}

// Not by join(), which would take `{resource_dir}`, which Jupyter fills in, for a folder.
const ownModules = '{resource_dir}/../../../node_modules'

/** npm 10 leaves it out, and so does every npm where the package brings no runtime. */
function linkRuntime(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  symlinkSync(process.execPath, path)
}

function findTslab(from: string): string {
  const found = join(from, 'node_modules', 'tslab')
  if (existsSync(found)) return found
  const above = dirname(from)
  if (above === from) throw new UserError('tslab is not installed: install benchbook again, with its dependencies')
  return findTslab(above)
}
