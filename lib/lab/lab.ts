import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Checked } from '../parse/problem.ts'
import type { LabSettings } from './lab-settings.ts'

/** From where a lab is used: what `benchbook` is started in, or the folder of a notebook. */
export type Place = {
  env: Readonly<Record<string, string | undefined>>
  cwd: string
  /** What the lab says of itself, where it does; `withSettings` reads it. */
  settings?: Checked<LabSettings>
}

export type Lab = {
  /** The nearest folder upwards that has `experiments/`, else the current one. */
  root: string
  /** Where the packaged `data/` and `reports/` are. */
  packageRoot: string
  /** The store that no `--store`, no environment and no settings name. */
  defaultStore: string
}

/** The lab that a folder belongs to. */
export function findLab(from: string): Lab {
  const root = upwards(from).find((folder) => existsSync(join(folder, 'experiments'))) ?? from
  // lib/lab and dist/lab lie equally deep.
  const packageRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '')
  return { root, packageRoot, defaultStore: join(root, 'data', 'benchbook.db') }
}

/** A folder and those above it, to the root. */
export function upwards(from: string): string[] {
  const here = resolve(from)
  const above = dirname(here)
  return above === here ? [here] : [here, ...upwards(above)]
}
