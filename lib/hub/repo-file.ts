/** A file of a repository, as the hub lists it. */
export type RepoFile = {
  /** As the repository has it, with slashes; checked to stay below its folder. */
  path: string
  bytes: number
  /** Hex: what the file's content must have, and the name that it has among the blobs of the cache. */
  digest: string
  /** Git's own digest has the length before the content. */
  algorithm: 'sha256' | 'git-sha1'
}

/** What a repository holds at a commit. */
export type RepoListing = { repo: string; commit: string; files: readonly RepoFile[] }

/** Whether a revision is a commit, which never moves. */
export const isCommit = (revision: string): boolean => /^[0-9a-f]{40}$/.test(revision)

/** Whether a path stays below the folder that it is put under, on every system. */
export function isSafePath(path: string): boolean {
  if (path.length === 0 || path.length > 500 || /[\p{Cc}\p{Cf}\\:]/u.test(path)) return false
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}
