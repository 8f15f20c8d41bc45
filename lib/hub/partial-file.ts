import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { plain } from '../domain/plain.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import type { RepoFile } from './repo-file.ts'

/**
 * A file that is being fetched, with the digest of what is there; a later one goes on where this ended. The lock that keeps others
 * away is this machine's, a cache may be several machines' or containers': whatever finds bytes of another throws a `UserError`
 * and leaves the file as it is, for it may be whole by now, under its own name.
 */
export class PartialFile implements AsyncDisposable {
  readonly #handle: FileHandle
  readonly #file: RepoFile
  #hash: Hash
  #bytes = 0

  private constructor(handle: FileHandle, file: RepoFile) {
    this.#handle = handle
    this.#file = file
    this.#hash = newHash(file)
  }

  /** Opens what an earlier download has left, or begins; more than the file can have is thrown away. */
  static async open(path: string, file: RepoFile, signal: AbortSignal): Promise<PartialFile> {
    const partial = new PartialFile(await open(path, 'a+'), file)
    try {
      const { size } = await partial.#handle.stat()
      if (size > file.bytes) await partial.#begin()
      else if (size > 0) await partial.#take(path, { size, signal })
      return partial
    } catch (error) {
      await partial.#handle.close()
      throw error
    }
  }

  get bytes(): number {
    return this.#bytes
  }

  async append(part: Uint8Array): Promise<void> {
    await this.#requireOwn()
    await this.#handle.appendFile(part)
    this.#hash.update(part)
    this.#bytes += part.length
  }

  async restart(): Promise<void> {
    await this.#requireOwn()
    await this.#begin()
  }

  async #begin(): Promise<void> {
    await this.#handle.truncate(0)
    this.#hash = newHash(this.#file)
    this.#bytes = 0
  }

  /** Makes sure that it is on the disk, and says the digest. */
  async finish(): Promise<string> {
    await this.#handle.sync()
    await this.#requireOwn()
    return this.#hash.copy().digest('hex')
  }

  async #requireOwn(): Promise<void> {
    const { size } = await this.#handle.stat()
    if (size === this.#bytes) return
    throw new UserError(
      `${plain(this.#file.path)} is fetched by another program too, of another machine or container that has the same cache: wait for that, then run the same command again`,
      exitCodes.unavailable,
    )
  }

  async #take(path: string, { size, signal }: { size: number; signal: AbortSignal }): Promise<void> {
    for await (const part of createReadStream(path, { signal, end: size - 1, highWaterMark: 1_048_576 })) {
      this.#hash.update(part as Uint8Array)
      this.#bytes += (part as Uint8Array).length
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close()
  }
}

function newHash({ algorithm, bytes }: RepoFile): Hash {
  return algorithm === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${bytes}\0`)
}
