import { existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs'
import { rm, rmdir } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { CachedRepo, namesIn } from './hf-cache.ts'

/** What would go of a repository, and what takes it away. */
export type Removal = { path: string; bytes: number; remove: () => Promise<void> }

type Named = { repo: string; revision: string; file?: string }

/**
 * What the cache holds of a repository at a revision, or of one file of it: names, the blobs that no other commit needs, and
 * what is half fetched. `undefined` where there is nothing. Nothing outside of the repository's folder is
 * touched, wherever links lead.
 */
export function cachedRemoval({ repo, revision, file }: Named, cache: string): Removal | undefined {
  const cached = new CachedRepo(cache, repo)
  const commit = cached.commitOf(revision)
  const names =
    commit === undefined
      ? []
      : filesBelow(cached.snapshot(commit)).filter(
          (path) => file === undefined || path === join(cached.snapshot(commit), file),
        )
  const others = new Set(
    filesBelow(join(cached.folder, 'snapshots'))
      .filter((path) => !names.includes(path))
      .flatMap(blobOf),
  )
  const blobs = [...new Set(names.flatMap(blobOf))].filter((blob) => isInside(blob, cached) && !others.has(blob))
  const partials = file === undefined || others.size === 0 ? partialsOf(cached) : []
  const files = [...new Set([...names, ...blobs, ...partials])]
  if (files.length === 0) return undefined
  return {
    path: commit === undefined ? cached.folder : join(cached.snapshot(commit), file ?? ''),
    bytes: files.reduce((sum, path) => sum + ownBytes(path), 0),
    remove: async () => {
      for (const each of files) await rm(each, { force: true })
      if (commit !== undefined) await dropEmpty(names, cached.snapshot(commit))
      if (commit !== undefined && namesIn(cached.snapshot(commit)).length === 0) await dropRefs(cached, commit)
      if (filesBelow(cached.folder).length === 0) await rm(cached.folder, { recursive: true, force: true })
    },
  }
}

function isInside(blob: string, { folder }: CachedRepo): boolean {
  const blobs = join(folder, 'blobs')
  return existsSync(blobs) && blob.startsWith(realpathSync(blobs) + sep)
}

/** A link takes no room. */
function ownBytes(path: string): number {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found?.isFile() ? found.size : 0
}

function partialsOf({ folder }: CachedRepo): string[] {
  const blobs = join(folder, 'blobs')
  return namesIn(blobs).flatMap((name) => (name.endsWith('.incomplete') ? [join(blobs, name)] : []))
}

/** Files and links, whose ends are not followed. */
function filesBelow(folder: string): string[] {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

function blobOf(path: string): string[] {
  try {
    return [realpathSync(path)]
  } catch {
    return [] // a link to what is gone
  }
}

async function dropEmpty(names: readonly string[], snapshot: string): Promise<void> {
  const folders = [...new Set([...names.map(dirname), snapshot])].toSorted((a, b) => b.length - a.length)
  for (const folder of folders) if (namesIn(folder).length === 0) await rmdir(folder).catch(() => {})
}

async function dropRefs(cached: CachedRepo, commit: string): Promise<void> {
  const refs = join(cached.folder, 'refs')
  for (const path of filesBelow(refs)) {
    const name = path.slice(refs.length + 1)
    if (cached.commitOf(name) === commit) await rm(path, { force: true })
  }
}
