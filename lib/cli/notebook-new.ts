import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { ensureKernelSpec } from '../lab/kernel-spec.ts'
import { findLab, type Lab } from '../lab/lab.ts'
import { openLabStore, storeFile } from '../lab/lab-store.ts'
import { planNamed } from '../lab/plan-named.ts'
import { newNotebook } from '../notebook/new-notebook.ts'
import { planFileName } from '../report/file-name.ts'
import { readPlan } from '../store/read-plan.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { writeOutput } from './output.ts'

export type NewOptions = CommonOptions & { output?: string; force?: true }

/** Writes a notebook for a plan, and the lab's kernelspec where it has none. */
export async function notebookNew(what: string, options: NewOptions, io: Io): Promise<void> {
  const lab = findLab(io.cwd)
  using store = openLabStore(options, io, 'read')
  const plan = readPlan(store, planNamed(store, what, io))
  const name = `${planFileName(plan)}.ipynb`
  const path = options.output ?? relative(io.cwd, join(lab.root, 'notebooks', name))
  if (path !== '-' && !options.force && existsSync(resolve(io.cwd, path)))
    throw new UserError(`${plain(path)} is there already: name another with -o, or replace it with --force`)
  const folder = path === '-' ? join(lab.root, 'notebooks') : dirname(resolve(io.cwd, path))
  const file = storeFile(options, io)
  const own = file === lab.defaultStore ? {} : { store: relative(lab.root, file) }
  const text = newNotebook({ plan, library: libraryFor(folder, lab), ...own })
  await writeOutput({ path }, [text], io)
  if (path === '-') return
  await ensureKernelSpec(lab)
  if (options.json) printJson(io, { notebook: path })
  else io.stdout(`${path}\n`)
}

/** From where a notebook in `folder` imports: by the package's name where it is installed, else by its path. */
function libraryFor(folder: string, { root, packageRoot }: Lab): string {
  if (root !== packageRoot && installedAbove(folder)) return 'benchbook/notebook'
  const path = relative(folder, join(packageRoot, 'dist', 'notebook', 'index.js')).replaceAll(sep, '/')
  return path.startsWith('.') ? path : `./${path}`
}

function installedAbove(folder: string): boolean {
  if (existsSync(join(folder, 'node_modules', 'benchbook', 'package.json'))) return true
  return dirname(folder) !== folder && installedAbove(dirname(folder))
}
