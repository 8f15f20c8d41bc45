import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { nearest } from '../domain/nearest.ts'
import type { Lab } from './lab.ts'

/**
 * The experiment file that a name of one that is not there was most likely meant to be, as its user would write it: one beside
 * it with nearly that name, else one of that name where experiments lie, of the lab or of the package.
 */
export function experimentMeant(file: string, { root, packageRoot }: Lab, cwd: string): string | undefined {
  const path = resolve(cwd, file)
  const beside = nearestOf(path, dirname(path))
  if (beside !== undefined) return join(dirname(file), beside)
  const elsewhere = [root, packageRoot].flatMap((each) => {
    const folder = join(each, 'experiments')
    const name = folder === dirname(path) ? undefined : nearestOf(path, folder)
    return name === undefined ? [] : [join(folder, name)]
  })[0]
  return elsewhere === undefined ? undefined : relative(cwd, elsewhere)
}

/** Nearly every name ends alike, so that what it ends with says nothing. */
function nearestOf(path: string, folder: string): string | undefined {
  const names = experimentsIn(folder)
  const stem = nearest(withoutEnding(basename(path)), names.map(withoutEnding))
  return names.find((name) => withoutEnding(name) === stem)
}

const withoutEnding = (name: string) => name.replace(/\.[^.]*$/, '')

/** Without what is named and cannot be read, such as a link to nowhere. */
function experimentsIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /\.(ya?ml|json)$/.test(name) && existsSync(join(folder, name)))
  } catch {
    return []
  }
}
