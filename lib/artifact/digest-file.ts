import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { cachedDigest, keepDigest } from './digest-cache.ts'

export type FileDigest = { digest: string; bytes: number }

/**
 * SHA-256 in hex of a file, taken from `cacheFile` where path, size and time of change are those of last time. Throws a
 * `UserError` for a file that changes while it is read.
 */
export async function digestFile(path: string, cacheFile: string, signal?: AbortSignal): Promise<FileDigest> {
  const before = await stampOf(path)
  const known = await cachedDigest(cacheFile, path, before)
  if (known !== undefined) return { digest: known, bytes: before.bytes }
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash, { ...(signal && { signal }) })
  const digest = hash.digest('hex')
  const after = await stampOf(path)
  if (after.bytes !== before.bytes || after.modifiedNs !== before.modifiedNs)
    throw new UserError(`${plain(path)} changed while it was read: wait until it is written, then try again`)
  await keepDigest(cacheFile, path, { ...after, digest })
  return { digest, bytes: after.bytes }
}

async function stampOf(path: string): Promise<{ bytes: number; modifiedNs: string }> {
  const { size, mtimeNs } = await stat(path, { bigint: true })
  return { bytes: Number(size), modifiedNs: String(mtimeNs) }
}
