import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { isPublished } from '../experiment/load-published.ts'
import { decodeText } from '../parse/source-text.ts'
import { parseYaml } from '../parse/yaml-document.ts'
import { findLab, type Place } from './lab.ts'

/** What an experiment file is called. */
export const isExperimentFile = (name: string): boolean => /\.(ya?ml|json)$/.test(name)

/** The lab's files of published results, relative to the current folder. */
export function publishedFiles({ cwd }: Pick<Place, 'cwd'>): string[] {
  return experimentFiles({ cwd }).filter((file) => isOfPublished(join(cwd, file)))
}

/** All that look like experiment files in the lab's `experiments/`, relative to the current folder. */
export function experimentFiles({ cwd }: Pick<Place, 'cwd'>): string[] {
  const folder = join(findLab(cwd).root, 'experiments')
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  const names = readdirSync(folder).filter(isExperimentFile).toSorted()
  return names.map((name) => relative(cwd, join(folder, name)))
}

/** Whether a file says that it is of published results, whatever else is wrong with it. */
export function isOfPublished(path: string): boolean {
  if (!statSync(path).isFile()) return false
  const source = decodeText(path, readFileSync(path))
  const document = source.status === 'ok' ? parseYaml(source.value) : source
  return document.status === 'ok' && isPublished(document.value)
}
