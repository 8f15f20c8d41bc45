import { createHash } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { byteText } from '../domain/byte-text.ts'
import { DiskFullError, isDiskFull } from '../domain/disk-full.ts'
import { plain } from '../domain/plain.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { existingFolder } from '../shell/existing-folder.ts'
import { makeFolder } from '../shell/make-folder.ts'
import { takeLock } from '../shell/named-lock.ts'
import { chosenFiles } from './chosen-files.ts'
import { downloadBlob } from './download-blob.ts'
import { CachedRepo, sizeOf } from './hf-cache.ts'
import { HubClient } from './hub-client.ts'
import { PassingFailure } from './hub-failure.ts'
import type { HubSettings } from './hub-settings.ts'
import type { RepoFile, RepoListing } from './repo-file.ts'

/** A repository at a revision; with `file`, that file of it alone. */
export type RepoSource = { repo: string; revision: string; file?: string }

/** How far a download is, all its files together. */
export type PullProgress = { file: string; bytes: number; ofBytes: number }

export type PullContext = {
  settings: HubSettings
  signal: AbortSignal
  /** Told what takes a while or is as it was not asked for, in one line. */
  say: (line: string) => void
  onProgress: (progress: PullProgress) => void
  wait?: (ms: number) => Promise<void>
  stallMs?: number
}

/** What has to be fetched for a repository, before it is. */
export type RepoPull = {
  commit: string
  /** Programs in the repository, which are not fetched. */
  code: readonly string[]
  /** All that was asked for, and what of it has to come. */
  bytes: number
  missingBytes: number
  run: (context: Omit<PullContext, 'settings'>) => Promise<void>
}

/** Asks the hub what a repository holds and what of it is not here. Throws a `UserError` where it cannot be had. */
export async function planPull(
  source: RepoSource,
  { settings, signal }: Pick<PullContext, 'settings'> & { signal?: AbortSignal },
): Promise<RepoPull> {
  const client = new HubClient(settings)
  const listing = await certain(client.listing(source, { signal }))
  const { files, code } = chosenFiles(listing, source.file)
  const cached = new CachedRepo(settings.cache, source.repo)
  const missing = files.filter((file) => !cached.has(listing.commit, file))
  const toFetch = missing.filter((file) => sizeOf(cached.blob(file)) !== file.bytes)
  const missingBytes = toFetch.reduce((sum, file) => sum + file.bytes - (sizeOf(cached.partial(file)) ?? 0), 0)
  return {
    commit: listing.commit,
    code,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    missingBytes: Math.max(0, missingBytes),
    run: async (context) => {
      if (missing.length > 0) await requireRoom(cached.folder, missingBytes)
      await diskWords(cached.folder, () => fetchAll({ source, client, listing, cached, missing }, context))
    },
  }
}

/** What may pass has no time to where a user waits for one answer. */
async function certain<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof PassingFailure)) throw error
    throw new UserError(
      `${error.message}: look at the network, or at HF_ENDPOINT; what is here already needs neither`,
      exitCodes.unavailable,
      { cause: error },
    )
  }
}

type Fetch = {
  source: RepoSource
  client: HubClient
  listing: RepoListing
  cached: CachedRepo
  missing: readonly RepoFile[]
}

async function fetchAll(pull: Fetch, context: Omit<PullContext, 'settings'>): Promise<void> {
  const { source, listing, cached, missing } = pull
  const ofBytes = missing.reduce((sum, { bytes }) => sum + bytes, 0)
  await cached.writeRef(source.revision, listing.commit)
  let before = 0
  for (const file of missing) {
    const done = before
    const onBytes = (bytes: number) => context.onProgress({ file: file.path, bytes: done + bytes, ofBytes })
    await fetchOne(pull, file, { ...context, onBytes })
    await cached.link(listing.commit, file)
    before += file.bytes
    onBytes(file.bytes)
  }
}

type FileContext = Omit<PullContext, 'settings' | 'onProgress'> & { onBytes: (bytes: number) => void }

/** One program at a time fetches a file: the others wait for it, and then have it. */
async function fetchOne({ client, listing, cached }: Fetch, file: RepoFile, context: FileContext): Promise<void> {
  const { signal, say, onBytes, stallMs, wait = (ms) => delay(ms, undefined, { signal }) } = context
  const paths = { blob: cached.blob(file), partial: cached.partial(file) }
  makeFolder(dirname(paths.blob))
  const lock = await lockOf(paths.blob, {
    signal,
    say: (holder) => say(`${plain(file.path)}: waiting for ${holder}, which fetches it`),
  })
  try {
    if (sizeOf(paths.blob) === file.bytes) return
    await downloadBlob({
      file,
      paths,
      open: (range) => client.open(listing, file, range),
      signal,
      wait,
      onBytes,
      say,
      ...(stallMs !== undefined && { stallMs }),
    })
  } finally {
    lock.release()
  }
}

const lockPatienceMs = 1000

async function lockOf(path: string, { signal, say }: { signal: AbortSignal; say: (holder: string) => void }) {
  const name = `fetch-${createHash('sha256').update(path).digest('hex').slice(0, 24)}`
  for (let isFirst = true; ; isFirst = false) {
    const lock = await takeLock(name, `process ${process.pid}`, isFirst ? 0 : lockPatienceMs)
    if (lock.status === 'taken') return lock
    if (isFirst) say(lock.holder)
    signal.throwIfAborted()
  }
}

/** What a file system needs beside the files themselves. */
const spareBytes = 64 * 1_048_576

async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(existingFolder(folder))
  const free = bavail * bsize
  if (free >= bytes + spareBytes) return
  throw new UserError(
    `${byteText(bytes)} are to be fetched, and ${plain(dirname(folder))} has ${byteText(free)} free: free some space, or name another folder with HF_HUB_CACHE`,
    exitCodes.unavailable,
  )
}

const refused: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there: name another folder with HF_HUB_CACHE',
  EPERM: 'you may not write there: name another folder with HF_HUB_CACHE',
  EROFS: 'the file system is read-only: name another folder with HF_HUB_CACHE',
  ENOTDIR: 'a part of the path is a file: name another folder with HF_HUB_CACHE',
  EFBIG: 'the file system does not take files of this size: name another folder with HF_HUB_CACHE',
}

async function diskWords(folder: string, work: () => Promise<void>): Promise<void> {
  const place = plain(join(folder))
  try {
    await work()
  } catch (error) {
    const exitCode = exitCodes.unavailable
    if (isDiskFull(error))
      throw new DiskFullError(
        `the disk of ${place} is full: free some space; what is here stays, the same command goes on with it`,
        {
          place,
          exitCode,
          cause: error,
        },
      )
    const words = refused[(error as NodeJS.ErrnoException).code ?? '']
    if (words === undefined) throw error
    throw new UserError(`cannot write to ${place}: ${words}`, exitCode, { cause: error })
  }
}
