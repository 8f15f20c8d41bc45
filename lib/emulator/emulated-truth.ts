import { createWriteStream, type WriteStream } from 'node:fs'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { EmulatedRequest } from '../domain/emulation.ts'
import { UserError } from '../domain/user-error.ts'
import { quote } from '../parse/quote.ts'

const mostKept = 1000
const flushBytes = 65_536
const flushEveryMs = 500

/** What the emulated server did: the latest requests in memory, all of them in a file where one is named. */
export class EmulatedTruth implements AsyncDisposable {
  readonly #kept: EmulatedRequest[] = []
  readonly #file: WriteStream | undefined
  #lines: string[] = []
  #bytes = 0
  #timer: NodeJS.Timeout | undefined

  /** Empties the file, or makes it. Throws a `UserError` where that cannot be. */
  static async open(path: string | undefined): Promise<EmulatedTruth> {
    if (path === undefined) return new EmulatedTruth()
    const file = createWriteStream(path)
    try {
      await once(file, 'open')
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      throw new UserError(`the truth cannot be written to ${quote(path)} (${code}): name a file that can be written`)
    }
    return new EmulatedTruth(file)
  }

  private constructor(file?: WriteStream) {
    this.#file = file
    file?.on('error', () => this.#lines.splice(0)) // the server serves on; what is missing in the file shows by its numbers
  }

  /** A request has ended. Its line waits in memory, so that no response waits for the disk. */
  add(request: EmulatedRequest): void {
    this.#kept.push(request)
    if (this.#kept.length > mostKept) this.#kept.shift()
    if (this.#file === undefined) return
    const line = `${JSON.stringify(request)}\n`
    this.#lines.push(line)
    this.#bytes += line.length
    if (this.#bytes > flushBytes) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), flushEveryMs)
  }

  /** The latest requests, one line of JSON each. */
  lines(): string {
    return this.#kept.map((request) => `${JSON.stringify(request)}\n`).join('')
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#lines.length > 0) this.#file?.write(this.#lines.join(''))
    this.#lines = []
    this.#bytes = 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#flush()
    if (this.#file === undefined) return
    const closed = new Promise<void>((resolve) => void this.#file?.once('close', () => resolve()))
    this.#file.end()
    if (!this.#file.closed) await closed
  }
}

/** Reads what an emulated server wrote down of its requests, in the order in which they ended. */
export async function readTruth(path: string): Promise<EmulatedRequest[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as EmulatedRequest)
}
