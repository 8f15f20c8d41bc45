import { renameSync, rmSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { applicationId } from './migrations.ts'

export const versionOf = (database: Database.Database) => database.pragma('user_version', { simple: true }) as number

/**
 * Brings a store up to the last of `migrations`, wholly or not at all. One that holds anything is copied to
 * `<file>.v<N>.bak` first, where N is the version that it had.
 */
export function migrate(database: Database.Database, file: string, migrations: readonly string[]): void {
  const version = versionOf(database)
  if (version >= migrations.length) return
  if (holdsAnything(database)) backUp(database, `${file}.v${version}.bak`)
  database
    .transaction(() => {
      // Read again: another program may have done it meanwhile.
      for (const sql of migrations.slice(versionOf(database))) database.exec(sql)
      database.pragma(`application_id = ${applicationId}`)
      database.pragma(`user_version = ${migrations.length}`)
    })
    .immediate()
}

/** Whether a database has any table or view. */
export function holdsAnything(database: Database.Database): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema').get() !== undefined
}

// Written beside it and renamed, so that a backup is whole or not there.
function backUp(database: Database.Database, backup: string): void {
  const draft = `${backup}.draft`
  rmSync(draft, { force: true })
  database.prepare('VACUUM INTO ?').run(draft)
  renameSync(draft, backup)
}
