import type Database from 'better-sqlite3'
import { storeError } from './store-error.ts'

/** An open store. SQL is for the files of this folder; others call their functions. */
export class Store implements Disposable {
  /** As messages name it. */
  readonly file: string
  readonly mode: 'read' | 'write'
  readonly #database: Database.Database
  readonly #statements = new Map<string, Database.Statement>()

  constructor(options: { database: Database.Database; file: string; mode: 'read' | 'write' }) {
    this.#database = options.database
    this.file = options.file
    this.mode = options.mode
  }

  /** A prepared statement, kept for the next time. */
  sql<Row = never>(text: string): Database.Statement<unknown[], Row> {
    const statement = this.#statements.get(text) ?? this.#database.prepare(text)
    this.#statements.set(text, statement)
    return statement as Database.Statement<unknown[], Row>
  }

  /** Does work that sees one state of the store. Throws a `UserError` where the store fails. */
  read<T>(work: () => T): T {
    return this.#guard(() => this.#database.transaction(work).deferred())
  }

  /** Does work wholly or not at all. Throws a `UserError` where the store fails. */
  write<T>(work: () => T): T {
    return this.#guard(() => this.#database.transaction(work).immediate())
  }

  /** Gives back to the disk what removed rows took up. Throws a `UserError` where the store fails or there is no room for a copy. */
  vacuum(): void {
    this.#guard(() => this.#database.exec('VACUUM'))
  }

  #guard<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw storeError(error, this.file)
    }
  }

  /** Leaves one file that needs no other, and can be read where nothing can be written; where that fails nothing is lost. */
  [Symbol.dispose](): void {
    try {
      if (this.mode === 'write') this.#guard(() => leaveWal(this.#database))
    } finally {
      this.#database.close()
    }
  }
}

// Where another connection still uses the write-ahead log, or the disk is full, it stays for the next writer to put away.
const staysFor = ['SQLITE_BUSY', 'SQLITE_FULL']

function leaveWal(database: Database.Database): void {
  try {
    database.pragma('busy_timeout = 0')
    database.pragma('journal_mode = DELETE')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && staysFor.some((code) => String(error.code).startsWith(code))))
      throw error
  }
}
