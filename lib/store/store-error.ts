import { statfsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DiskFullError } from '../domain/disk-full.ts'
import { plain } from '../domain/plain.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'

const another = 'or name another with --store'

// By SQLite's code without its extension, or the system's; `file` is the store as the user named it.
const messages: Record<string, (file: string, message: string) => string> = {
  SQLITE_NOTADB: (file) => `${file} is not a store (it is no SQLite file): name another with --store`,
  SQLITE_CORRUPT: damaged,
  SQLITE_READONLY_DBMOVED: (file) =>
    `the store ${file} was moved or deleted while it was in use: put it back, with what lies beside it`,
  SQLITE_READONLY: cannotWrite,
  SQLITE_CANTOPEN: cannotOpen,
  SQLITE_PERM: cannotOpen,
  SQLITE_BUSY: (file) => `the store ${file} is in use by another program: wait until that has finished, ${another}`,
  SQLITE_FULL: diskFull,
  SQLITE_IOERR: (file, message) => `the disk failed under the store ${file} (${message}): check the disk, ${another}`,
  EACCES: cannotWrite,
  EPERM: cannotWrite,
  EROFS: cannotWrite,
  ENOSPC: diskFull,
  EDQUOT: diskFull,
  EEXIST: cannotOpen,
  ENOTDIR: cannotOpen,
  ENOENT: cannotOpen,
}

function damaged(file: string, message: string): string {
  return `the store ${file} is damaged (${message.replaceAll(/\s+/g, ' ')}): restore a copy, save what can be read with \`sqlite3 ${file} .recover\`, ${another}`
}

function cannotWrite(file: string): string {
  return `the store ${file} cannot be written (it or its folder is read-only): make it writable, ${another}`
}

function cannotOpen(file: string, message: string): string {
  return `the store ${file} cannot be opened (${message}): check that its folder exists and may be used, ${another}`
}

function diskFull(file: string): string {
  return `no room is left on the disk of the store ${file}: make room and go on; what was committed is kept`
}

/** What a failure of SQLite or of the file system means to the user; anything else is a bug and stays what it is. */
export function storeError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || error instanceof UserError || !('code' in error)) return error
  const { code } = error
  if (typeof code !== 'string') return error
  const known = Object.keys(messages).find((start) => code === start || code.startsWith(`${start}_`))
  const words = known === undefined ? undefined : messages[known]
  if (words === undefined) return error
  const message = words(plain(file), error.message)
  return words === diskFull || (code.startsWith('SQLITE_IOERR') && !hasRoom(file))
    ? new DiskFullError(diskFull(plain(file)), { place: plain(file), needsBytes: roomBytes, cause: error })
    : new UserError(message, exitCodes.usage, { cause: error })
}

/** What a commit and the files beside the store may need. */
const roomBytes = 1_000_000

/** SQLite calls it a failure of the disk where there was no room for one of the files beside the store. */
function hasRoom(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(resolve(file)))
    return bavail * bsize >= bsize
  } catch {
    return true
  }
}

/** What a store that is not there means to the user. */
export function missingStore(file: string): UserError {
  return new UserError(`no store at ${plain(file)}: run an experiment first, ${another}`)
}

/** A folder is where the store should be. */
export function folderInPlace(file: string): UserError {
  return new UserError(`${plain(file)} is a folder and not a store: name a file with --store`)
}

/** A pipe, a device or the like is where the store should be. */
export function noFile(file: string): UserError {
  return new UserError(`${plain(file)} is no regular file and not a store: name another with --store`)
}

/** The file is a database, and none of ours. */
export function foreignFile(file: string): UserError {
  return new UserError(`${plain(file)} is a SQLite file of another program and not a store: name another with --store`)
}

/** What SQLite finds wrong with a store; `message` is in its words. */
export function damagedStore(file: string, message: string): UserError {
  return new UserError(damaged(plain(file), message))
}

/** A store of a version that this program does not know: it knows those up to `known`. */
export function olderStore(file: string): UserError {
  return new UserError(
    `the store ${plain(file)} was made by an older benchbook: any command that reads it brings it up to date`,
  )
}

export function newerStore(file: string, version: number, known: number): UserError {
  return new UserError(
    `the store ${plain(file)} was made by a newer benchbook (store version ${version}, this one knows ${known}): update benchbook, ${another}`,
  )
}
