import { createWriteStream } from 'node:fs'
import { realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { PassThrough, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DiskFullError, isDiskFull } from '../domain/disk-full.ts'
import { plain } from '../domain/plain.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { makeFolder } from '../shell/make-folder.ts'

export type Output = {
  /** As the user named it, relative to the current folder. */
  path: string
  /** What the user can do where it cannot be written. */
  remedy?: string
}

type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>

/** Writes a file, wholly or not at all, `through` a transformation such as packing. Throws a `UserError` where it cannot be written. */
export async function writeWhole(
  { path, remedy }: Output,
  data: Pieces,
  cwd: string,
  through: Transform = new PassThrough(),
): Promise<void> {
  try {
    await writeFile(resolve(cwd, path), data, through)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (typeof code !== 'string' || error instanceof UserError) throw error
    const todo = remedy ?? 'name another place with -o'
    const message = `cannot write ${plain(path || '.')} (${code}): ${todo}`
    throw isDiskFull(error)
      ? new DiskFullError(message, { place: plain(path), cause: error })
      : new UserError(message, exitCodes.usage, { cause: error })
  }
}

async function writeFile(named: string, data: Pieces, through: Transform): Promise<void> {
  makeFolder(dirname(named))
  const path = await realpath(named).catch(() => named) // a link stays one
  const there = await stat(path).catch(() => undefined)
  // A device or a pipe is written to, and a folder refuses it.
  if (there !== undefined && !there.isFile()) return pipeline(data, through, createWriteStream(path))
  const draft = `${path}.${process.pid}.draft`
  try {
    // A name that can be foreseen: what another user has put there, such as a link, is not written through.
    await rm(draft, { force: true })
    await pipeline(data, through, createWriteStream(draft, { mode: there?.mode ?? 0o666, flags: 'wx' }))
    await rename(draft, path)
  } finally {
    await rm(draft, { force: true })
  }
}
