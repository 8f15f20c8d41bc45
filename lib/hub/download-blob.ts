import { rename, rm } from 'node:fs/promises'
import { plain } from '../domain/plain.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { sizeOf } from './hf-cache.ts'
import { networkWords, PassingFailure } from './hub-failure.ts'
import { PartialFile } from './partial-file.ts'
import type { RepoFile } from './repo-file.ts'

export type BlobDownload = {
  file: RepoFile
  /** Where it is to be, and what of it is fetched until then. */
  paths: { blob: string; partial: string }
  open: (range: { from: number; signal: AbortSignal }) => Promise<Response>
  signal: AbortSignal
  wait: (ms: number) => Promise<void>
  /** How long nothing may come. */
  stallMs?: number
  /** Told how many bytes of the file are here. */
  onBytes: (bytes: number) => void
  say: (line: string) => void
}

const defaultStallMs = 60_000
/** How long is waited before the same is asked again; it counts anew once something has come. */
const pausesMs = [1000, 2000, 5000, 10_000, 20_000]

/**
 * Fetches one file: what is there of it is kept and gone on with, whatever ends a connection or this program, and only what
 * has the right digest gets its name. Throws a `UserError` where the hub does not have it, or sends something else.
 */
export async function downloadBlob(download: BlobDownload): Promise<void> {
  const { file, paths, signal } = download
  await using partial = await PartialFile.open(paths.partial, file, signal)
  const kept = partial.bytes
  await fetchRest(download, partial)
  if ((await partial.finish()) !== file.digest && kept > 0) {
    // What was left by an earlier program may be at fault: once more, from the start.
    await partial.restart()
    await fetchRest(download, partial)
  }
  if ((await partial.finish()) === file.digest) return await giveName(download)
  await rm(paths.partial, { force: true })
  throw new UserError(
    `${plain(file.path)} came with another digest than the hub has listed (${file.digest.slice(0, 12)}): nothing of it is kept, try again`,
    exitCodes.unavailable,
  )
}

/** Whoever has removed it, or has given it its name, was of another machine, or a user. */
async function giveName({ file, paths }: BlobDownload): Promise<void> {
  try {
    await rename(paths.partial, paths.blob)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    if (sizeOf(paths.blob) === file.bytes) return
    throw new UserError(
      `${plain(file.path)} was removed while it was fetched: run the same command again`,
      exitCodes.unavailable,
      { cause: error },
    )
  }
}

async function fetchRest(download: BlobDownload, partial: PartialFile): Promise<void> {
  const { file, signal, wait, say, onBytes } = download
  onBytes(partial.bytes)
  for (let failures = 0; partial.bytes < file.bytes;) {
    const before = partial.bytes
    const failure = await attempt(download, partial)
    signal.throwIfAborted()
    if (failure === undefined) continue
    failures = partial.bytes > before ? 0 : failures + 1
    const pauseMs = failure.retryAfterMs ?? pausesMs[failures]
    if (pauseMs === undefined || failures >= pausesMs.length) throw unavailable(failure, partial)
    say(`${plain(file.path)}: ${failure.message}, once more in ${Math.ceil(pauseMs / 1000)} s`)
    await wait(pauseMs)
    signal.throwIfAborted()
  }
}

/** One connection: takes what comes, up to the length of the file. */
async function attempt(download: BlobDownload, partial: PartialFile): Promise<PassingFailure | undefined> {
  const { file, signal, stallMs = defaultStallMs, onBytes } = download
  const stalled = new AbortController()
  const timer = setTimeout(() => stalled.abort(), stallMs)
  const from = partial.bytes
  try {
    const response = await download.open({ from, signal: AbortSignal.any([signal, stalled.signal]) })
    if (!continues(response, from)) await partial.restart()
    if (response.status === 416) return await refusedRange(response)
    for await (const part of response.body ?? []) {
      timer.refresh()
      if (partial.bytes + part.length > file.bytes) return await tooLong(partial)
      await partial.append(part)
      onBytes(partial.bytes)
    }
    return partial.bytes < file.bytes ? new PassingFailure('the connection ended early') : undefined
  } catch (error) {
    if (error instanceof PassingFailure) return error
    if (error instanceof UserError || signal.aborted || isOfDisk(error)) throw error
    return new PassingFailure(
      stalled.signal.aborted ? 'nothing comes any more' : `the connection is lost (${networkWords(error)})`,
    )
  } finally {
    clearTimeout(timer)
  }
}

/** Whether a response goes on at a byte: a server may begin anew, or elsewhere. */
function continues({ status, headers }: Response, from: number): boolean {
  if (from === 0) return true
  return status === 206 && headers.get('content-range')?.startsWith(`bytes ${from}-`) === true
}

async function refusedRange(response: Response): Promise<PassingFailure> {
  await response.body?.cancel()
  return new PassingFailure('what is here is refused as a beginning')
}

async function tooLong(partial: PartialFile): Promise<PassingFailure> {
  await partial.restart()
  return new PassingFailure('more came than the file has')
}

const isOfDisk = (error: unknown) => (error as NodeJS.ErrnoException).syscall === 'write'

function unavailable(failure: PassingFailure, { bytes }: PartialFile): UserError {
  const kept = bytes > 0 ? '; what is here stays, the same command goes on with it' : ''
  return new UserError(`${failure.message}: look at the network, or at HF_ENDPOINT${kept}`, exitCodes.unavailable, {
    cause: failure,
  })
}
