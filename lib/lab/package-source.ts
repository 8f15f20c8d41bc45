import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { upwards } from './lab.ts'

type Installed = { packages?: Record<string, { resolved?: string } | undefined> }

/**
 * What the package.json of a lab at `root` asks npm for, to get this very package: its version, or the file that it was
 * installed from, which no registry may have.
 */
export function packageSource(packageRoot: string, { root, version }: { root: string; version: string }): string {
  const modules = dirname(packageRoot)
  const lock = join(modules, '.package-lock.json')
  if (basename(modules) !== 'node_modules' || !existsSync(lock)) return version
  const { packages } = JSON.parse(readFileSync(lock, 'utf8')) as Installed
  const resolved = packages?.[`node_modules/${basename(packageRoot)}`]?.resolved
  if (resolved?.startsWith('file:') !== true) return version
  return `file:${relative(root, resolve(dirname(modules), resolved.slice('file:'.length)))}`
}

/** Whether `npx benchbook` finds the package from a folder, as Node does: in it or in one above. */
export const isInstalled = (root: string) =>
  upwards(root).some((folder) => existsSync(join(folder, 'node_modules', 'benchbook')))
