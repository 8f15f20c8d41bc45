import { closeSync, openSync, writeSync } from 'node:fs'
import { homedir } from 'node:os'
import { isDiskFull } from '../domain/disk-full.ts'
import type { SpoolRecord } from '../domain/record.ts'
import { withoutHome } from '../domain/without-home.ts'

type WithoutNumber<R> = R extends unknown ? Omit<R, 'n'> : never
export type NewRecord = WithoutNumber<SpoolRecord>

type Options = {
  /** Writes bytes to a file and returns how many were taken. */
  write?: (file: number, bytes: Buffer) => number
  /** Runs a look for room after a while. */
  later?: (look: () => void, ms: number) => void
}

const lookEveryMs = 1000

/**
 * Appends numbered records to a spool, each with one write: what is written survives a killed worker. Where the disk is full
 * they are kept in memory, in order, and written when there is room.
 */
export class RecordWriter implements Disposable {
  readonly #file: number
  readonly #write: NonNullable<Options['write']>
  readonly #later: NonNullable<Options['later']>
  #pending: Buffer[] = []
  #last = 0
  #isWaiting = false
  #gaveUp = false
  #drained: (() => void)[] = []

  constructor(path: string, { write = writeSync, later = setTimeout }: Options = {}) {
    this.#file = openSync(path, 'a')
    this.#write = write
    this.#later = later
  }

  /** Returns the record's number. */
  append(record: NewRecord): number {
    this.#last += 1
    const line = withoutHome(JSON.stringify({ n: this.#last, ...record }), homedir())
    this.#pending.push(Buffer.from(`${line}\n`))
    if (!this.#isWaiting) this.#flush()
    return this.#last
  }

  /** What is not on the disk for want of room. */
  get pendingBytes(): number {
    return this.#pending.reduce((sum, { length }) => sum + length, 0)
  }

  /** Resolves when all is written, or nobody waits for it any more. */
  async drained(): Promise<void> {
    if (this.#pending.length === 0 || this.#gaveUp) return
    await new Promise<void>((resolve) => this.#drained.push(resolve))
  }

  /** Waits no longer: what has no room is lost with this process, as if that had been killed. */
  giveUp(): void {
    this.#gaveUp = true
    this.#settle()
  }

  // A full disk may take a part: the rest of that record follows before any other.
  #flush(): void {
    this.#isWaiting = false
    try {
      for (let next = this.#pending[0]; next !== undefined; next = this.#pending[0]) {
        const rest = next.subarray(this.#write(this.#file, next))
        if (rest.length > 0) this.#pending[0] = rest
        else this.#pending.shift()
      }
      this.#settle()
    } catch (error) {
      if (!isDiskFull(error)) throw error
      this.#isWaiting = true
      if (!this.#gaveUp) this.#later(() => this.#flush(), lookEveryMs)
    }
  }

  #settle(): void {
    for (const resolve of this.#drained.splice(0)) resolve()
  }

  [Symbol.dispose](): void {
    closeSync(this.#file)
  }
}
