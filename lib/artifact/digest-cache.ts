import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeFolder } from '../shell/make-folder.ts'

/** What a file was when its digest was computed: another size or time means another file. */
type CachedDigest = { bytes: number; modifiedNs: string; digest: string }

/** The digest that was kept for this file as it is now; a cache that is missing or damaged holds none. */
export async function cachedDigest(
  cacheFile: string,
  path: string,
  now: Omit<CachedDigest, 'digest'>,
): Promise<string | undefined> {
  const entry = (await readCache(cacheFile)).get(path)
  return entry?.bytes === now.bytes && entry.modifiedNs === now.modifiedNs ? entry.digest : undefined
}

/** Keeps a digest. A cache that cannot be written is no error: the digest is computed again. */
export async function keepDigest(cacheFile: string, path: string, entry: CachedDigest): Promise<void> {
  try {
    await writeCache(cacheFile, (await readCache(cacheFile)).set(path, entry))
  } catch {
    // told by nothing: see above
  }
}

async function writeCache(cacheFile: string, entries: ReadonlyMap<string, CachedDigest>): Promise<void> {
  const draft = `${cacheFile}.${randomUUID()}.tmp`
  try {
    makeFolder(dirname(cacheFile))
    await writeFile(draft, `${JSON.stringify({ version: 1, files: Object.fromEntries(entries) }, undefined, 2)}\n`)
    await rename(draft, cacheFile)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {})
    throw error
  }
}

/** The files of the cache that are no longer there; with `drop` it forgets them. */
export async function droppedDigests(cacheFile: string, mode: 'look' | 'drop'): Promise<string[]> {
  const entries = await readCache(cacheFile)
  const gone = [...entries.keys()].filter((path) => !existsSync(path))
  for (const path of gone) entries.delete(path)
  if (mode === 'drop' && gone.length > 0) await writeCache(cacheFile, entries).catch(() => {})
  return gone
}

async function readCache(cacheFile: string): Promise<Map<string, CachedDigest>> {
  try {
    const { version, files } = JSON.parse(await readFile(cacheFile, 'utf8')) as { version?: unknown; files?: unknown }
    if (version !== 1 || typeof files !== 'object' || files === null) return new Map()
    return new Map(Object.entries(files).filter((entry): entry is [string, CachedDigest] => isCachedDigest(entry[1])))
  } catch {
    return new Map()
  }
}

function isCachedDigest(value: unknown): value is CachedDigest {
  if (typeof value !== 'object' || value === null) return false
  const { bytes, modifiedNs, digest } = value as Record<string, unknown>
  return (
    typeof bytes === 'number' &&
    typeof modifiedNs === 'string' &&
    typeof digest === 'string' &&
    /^[0-9a-f]{64}$/.test(digest)
  )
}
