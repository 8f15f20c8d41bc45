import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { plain } from '../domain/plain.ts'
import { makeFolder } from '../shell/make-folder.ts'
import { holdsAnything, migrate, versionOf } from './migrate.ts'
import { applicationId, migrations } from './migrations.ts'
import { Store } from './store.ts'
import {
  damagedStore,
  folderInPlace,
  foreignFile,
  noFile,
  missingStore,
  newerStore,
  olderStore,
  storeError,
} from './store-error.ts'

export type StoreOptions = {
  file: string
  /** `write` creates the store and its folder where they are missing. */
  mode: 'read' | 'write'
  /** How long to wait for another program that is writing: 5 s unless said otherwise. */
  busyTimeoutMs?: number
  /** `refuse`: a store of an older version is not brought up to date, but refused. */
  older?: 'refuse'
}

/** A store up to this size is checked whole on opening, which takes some 30 ms; a larger one shows damage when it is read. */
const checkedBytes = 16 * 1024 * 1024
/** Requests are long rows: in pages of 32 KiB a fifth less is lost between them than in SQLite's usual 4. */
const pageBytes = 32_768

/**
 * Opens a store; one of an older version is brought up to date first, with a copy beside it. Throws a `UserError` where it
 * is missing, damaged, not ours, newer, or where the system lets it not be read or written.
 */
export function openStore(options: StoreOptions): Store {
  const { file, mode } = options
  try {
    const there = existsSync(file) ? statSync(file) : undefined
    if (there?.isDirectory()) throw folderInPlace(file)
    if (there?.isFile() === false) throw noFile(file) // opening a pipe would wait for its writer
    if (mode === 'write') makeFolder(dirname(resolve(file)))
    else if (there === undefined) throw missingStore(file)
    return new Store({ database: connect(options), file: plain(file), mode })
  } catch (error) {
    throw storeError(error, file)
  }
}

function connect(options: StoreOptions): Database.Database {
  const { file, mode, busyTimeoutMs = 5000, older } = options
  // An absolute path, since SQLite would read `file:x` and `:memory:` as something else.
  const database = new Database(resolve(file), { readonly: mode === 'read', timeout: busyTimeoutMs })
  try {
    if (check(database, options) === 'current') return database
    if (older === 'refuse') throw olderStore(file)
  } catch (error) {
    database.close()
    throw error
  }
  database.close()
  openStore({ file, mode: 'write', busyTimeoutMs })[Symbol.dispose]()
  return connect(options)
}

/** Nothing is written before it is certain that the file is ours. */
function check(database: Database.Database, { file, mode }: StoreOptions): 'current' | 'older' {
  const empty = !firstRead(database, file)
  if (empty && mode === 'read') throw missingStore(file)
  if (!empty && database.pragma('application_id', { simple: true }) !== applicationId) throw foreignFile(file)
  const version = versionOf(database)
  if (version > migrations.length) throw newerStore(file, version, migrations.length)
  checkWhole(database, file)
  if (mode === 'read') return version < migrations.length ? 'older' : 'current'
  if (empty) database.pragma(`page_size = ${pageBytes}`)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  migrate(database, resolve(file), migrations)
  return 'current'
}

/** Whether the file holds anything; what SQLite finds wrong with its head is damage. */
function firstRead(database: Database.Database, file: string): boolean {
  try {
    return holdsAnything(database)
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_ERROR') throw damagedStore(file, error.message)
    throw error
  }
}

function checkWhole(database: Database.Database, file: string): void {
  const pages = database.pragma('page_count', { simple: true }) as number
  const eachBytes = database.pragma('page_size', { simple: true }) as number
  if (pages * eachBytes > checkedBytes) return
  const found = database.pragma('quick_check(1)', { simple: true }) as string
  if (found !== 'ok') throw damagedStore(file, found)
}
