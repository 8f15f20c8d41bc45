import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { spoolFiles } from '../domain/spool-files.ts'
import { LogReader } from './log-reader.ts'

const files = [spoolFiles.log, spoolFiles.baseLog, spoolFiles.engineLog]

/** What worker and engine wrote in a launch; the engine's log is there once a server or a Python was started. */
export class LaunchLogs implements Disposable {
  readonly #folder: string
  readonly #readers = new Map<string, LogReader>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Whether there is one already. */
  get exist(): boolean {
    return files.some((file) => existsSync(join(this.#folder, file)))
  }

  /** The whole lines that were written since, the worker's first. */
  *rest(): Generator<string> {
    for (const reader of this.#opened()) yield* reader.rest()
  }

  /** Last lines that were never ended, ended. */
  end(): string {
    return [...this.#opened()].map((reader) => reader.end()).join('')
  }

  /** All of it. */
  *all(): Generator<string> {
    for (const reader of this.#opened()) {
      yield* reader.rest()
      yield reader.end()
    }
  }

  *#opened(): Generator<LogReader> {
    for (const file of files) {
      const path = join(this.#folder, file)
      if (!this.#readers.has(file) && existsSync(path)) this.#readers.set(file, new LogReader(path))
      const reader = this.#readers.get(file)
      if (reader) yield reader
    }
  }

  [Symbol.dispose](): void {
    for (const reader of this.#readers.values()) reader[Symbol.dispose]()
  }
}
