import { closeSync, openSync, writeSync } from 'node:fs'
import { homedir } from 'node:os'
import type { SpoolRecord } from '../domain/record.ts'
import { withoutHome } from '../domain/without-home.ts'

type WithoutNumber<R> = R extends unknown ? Omit<R, 'n'> : never
export type NewRecord = WithoutNumber<SpoolRecord>

/** Appends numbered records to a spool, each with one write: what is written survives a killed worker. */
export class RecordWriter implements Disposable {
  readonly #file: number
  #last = 0

  constructor(path: string) {
    this.#file = openSync(path, 'a')
  }

  append(record: NewRecord): void {
    this.#last += 1
    const line = withoutHome(JSON.stringify({ n: this.#last, ...record }), homedir())
    writeWhole(this.#file, Buffer.from(`${line}\n`))
  }

  [Symbol.dispose](): void {
    closeSync(this.#file)
  }
}

function writeWhole(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written)
}
