import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { rename, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { makeFolder } from '../shell/make-folder.ts'
import { isCommit, isSafePath, type RepoFile } from './repo-file.ts'

/** One repository in Hugging Face's cache: `models--org--name`, with blobs/, refs/ and snapshots/ in it. */
export class CachedRepo {
  readonly folder: string

  constructor(cache: string, repo: string) {
    this.folder = join(cache, `models--${repo.replaceAll('/', '--')}`)
  }

  /** The commit that a revision is, as far as the cache knows. */
  commitOf(revision: string): string | undefined {
    if (isCommit(revision)) return revision
    if (!isSafePath(revision)) return undefined
    try {
      const commit = readFileSync(join(this.folder, 'refs', revision), 'utf8').trim()
      return isCommit(commit) ? commit : undefined
    } catch {
      return undefined
    }
  }

  /** Where the files of a commit are, or will be. */
  snapshot(commit: string): string {
    return join(this.folder, 'snapshots', commit)
  }

  /** A file of a commit, where it is here whole. */
  has(commit: string, { path, bytes }: RepoFile): boolean {
    return sizeOf(join(this.snapshot(commit), path)) === bytes
  }

  blob({ digest }: Pick<RepoFile, 'digest'>): string {
    return join(this.folder, 'blobs', digest)
  }

  /** What is fetched so far. Not the name that Hugging Face's programs use: their lock cannot be seen from here. */
  partial(file: Pick<RepoFile, 'digest'>): string {
    return `${this.blob(file)}${partialEnding}`
  }

  /** Gives a blob its name in a commit. */
  async link(commit: string, file: RepoFile): Promise<void> {
    const link = join(this.snapshot(commit), file.path)
    makeFolder(dirname(link))
    await this.#put(link, (draft) => symlink(relative(dirname(link), this.blob(file)), draft))
  }

  async writeRef(revision: string, commit: string): Promise<void> {
    if (isCommit(revision) || !isSafePath(revision)) return
    const path = join(this.folder, 'refs', revision)
    makeFolder(dirname(path))
    await this.#put(path, (draft) => writeFile(draft, commit))
  }

  /** Whatever is under refs/ or snapshots/ counts, so that a draft lies beside them. */
  async #put(path: string, write: (draft: string) => Promise<void>): Promise<void> {
    const draft = join(this.folder, `.${randomUUID()}.tmp`)
    await write(draft)
    await rename(draft, path)
  }

  /** Bytes that are half here: what this program has fetched of files that are not whole yet, and others'. */
  partialBytes(): number {
    const blobs = namesIn(join(this.folder, 'blobs'))
    return blobs
      .filter((name) => name.endsWith('.incomplete'))
      .reduce((sum, name) => sum + (sizeOf(join(this.folder, 'blobs', name)) ?? 0), 0)
  }

  commits(): string[] {
    return namesIn(join(this.folder, 'snapshots')).filter(isCommit)
  }
}

export const partialEnding = '.benchbook.incomplete'

/** The repositories of models in a cache. */
export function cachedRepos(cache: string): string[] {
  return namesIn(cache).flatMap((name) => {
    const parts = /^models--([\w.-]+)$/.exec(name)?.[1]?.split('--')
    return parts === undefined || parts.length > 2 ? [] : [parts.join('/')]
  })
}

/** None where there is no such folder, or it may not be read. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Of a file that is there, as far as this user can see. */
export function sizeOf(path: string): number | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    return found?.isFile() ? found.size : undefined
  } catch {
    return undefined
  }
}
