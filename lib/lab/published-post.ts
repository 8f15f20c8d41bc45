import { resolve } from 'node:path'
import type { PublishedPost } from '../domain/published.ts'
import { loadPublished } from '../experiment/load-published.ts'
import { readPost } from '../published/read-post.ts'
import { findLab, type Place } from './lab.ts'

/**
 * The post that an experiment file of published results names; `undefined` for a file that runs. Throws a `UserError` with all that is
 * wrong with either.
 */
export async function publishedPost(file: string, { cwd }: Place): Promise<PublishedPost | undefined> {
  const experiment = await loadPublished({ file, path: resolve(cwd, file) })
  if (experiment === undefined) return undefined
  const { root: labRoot, packageRoot } = findLab(cwd)
  return readPost(experiment.published, { labRoot, packageRoot })
}
