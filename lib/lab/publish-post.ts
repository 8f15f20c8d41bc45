import { resolve } from 'node:path'
import type { PublishedPost } from '../domain/published.ts'
import { loadPublished } from '../experiment/load-published.ts'
import type { PublishedExperiment } from '../experiment/published-schema.ts'
import { readHardware } from '../published/read-hardware.ts'
import { readPost } from '../published/read-post.ts'
import { holdsPost, insertPost, postDigest } from '../store/insert-post.ts'
import { readStoredPost, type StoredPost } from '../store/read-post.ts'
import type { Store } from '../store/store.ts'
import { checkClaims } from '../verdict/check-claims.ts'
import { printedNumber } from '../verdict/printed-number.ts'
import { findLab, type Place } from './lab.ts'

/** An experiment file of published results, its post, and what came of the post's claims. */
export type CheckedPost = {
  experiment: PublishedExperiment
  post: PublishedPost
  claims: ReturnType<typeof checkClaims>
}

/**
 * Reads the post that an experiment file of published results names and computes its claims again; `undefined` for a file that runs.
 * Throws a `UserError` with all that is wrong with either.
 */
export async function checkedPost(file: string, { cwd }: Place): Promise<CheckedPost | undefined> {
  const experiment = await loadPublished({ file, path: resolve(cwd, file) })
  if (experiment === undefined) return undefined
  const { root: labRoot, packageRoot } = findLab(cwd)
  const post = await readPost(experiment.published, { labRoot, packageRoot })
  return { experiment, post, claims: checkClaims(post, await readHardware({ labRoot, packageRoot })) }
}

const numberOf = (printed: string) => printedNumber(printed)?.value

/** Whether the store has a post as it is now. */
export const isPublishedIn = (store: Store, { post, claims }: Omit<CheckedPost, 'experiment'>): boolean =>
  holdsPost(store, postDigest(post, claims))

/** Keeps a post as it is now in the store, and gives what the store has of it. */
export function publishPost(store: Store, { post, claims }: Omit<CheckedPost, 'experiment'>): StoredPost {
  return readStoredPost(store, insertPost(store, post, { claims, numberOf }))
}
