import { readdirSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { listPlans } from '../../lib/store/list-plans.ts'
import { migrate, versionOf } from '../../lib/store/migrate.ts'
import { applicationId, migrations } from '../../lib/store/migrations.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { examplePlan, temporaryFolder } from './example.ts'

/** A store as it was before there were versions: ours, with a note in it. */
function writeVersion0(file: string): void {
  const database = new Database(file)
  database.pragma(`application_id = ${applicationId}`)
  database.exec(`CREATE TABLE note (text TEXT) STRICT; INSERT INTO note VALUES ('kept')`)
  database.close()
}

const notesIn = (file: string) => {
  const database = new Database(file, { readonly: true })
  const notes = database.prepare('SELECT text FROM note').pluck().all()
  const version = versionOf(database)
  database.close()
  return { notes, version }
}
const add = (text: string) => `INSERT INTO note VALUES ('${text}')`

test.each(['write', 'read'] as const)('an older store is brought up to date, with a copy beside it, to %s', (mode) => {
  using folder = temporaryFolder()
  const file = folder.at('lab.db')
  writeVersion0(file)
  openStore({ file, mode })[Symbol.dispose]()
  expect(notesIn(file)).toEqual({ notes: ['kept'], version: migrations.length })
  expect(notesIn(`${file}.v0.bak`)).toEqual({ notes: ['kept'], version: 0 })
  using store = openStore({ file, mode: 'write' })
  insertPlan(store, examplePlan())
  expect(listPlans(store)).toHaveLength(1)
})

test('a new store and one that is up to date have nothing to copy', () => {
  using folder = temporaryFolder()
  for (let i = 0; i < 2; i += 1) openStore({ file: folder.at('lab.db'), mode: 'write' })[Symbol.dispose]()
  expect(readdirSync(folder.path)).toEqual(['lab.db'])
})

test('only the migrations that are missing run, in order', () => {
  using folder = temporaryFolder()
  const file = folder.at('lab.db')
  writeVersion0(file)
  const database = new Database(file)
  migrate(database, file, [add('one')])
  migrate(database, file, [add('never again'), add('two'), add('three')])
  expect(database.prepare('SELECT text FROM note').pluck().all()).toEqual(['kept', 'one', 'two', 'three'])
  expect(versionOf(database)).toBe(3)
  database.close()
  expect(notesIn(`${file}.v1.bak`).notes).toEqual(['kept', 'one'])
})

test('a migration that fails leaves the store as it was, and the copy', () => {
  using folder = temporaryFolder()
  const file = folder.at('lab.db')
  writeVersion0(file)
  const database = new Database(file)
  expect(() => migrate(database, file, [`INSERT INTO note VALUES ('half'); CREATE TABLE note (x)`])).toThrow(
    'table note already exists',
  )
  database.close()
  expect(notesIn(file)).toEqual({ notes: ['kept'], version: 0 })
  expect(notesIn(`${file}.v0.bak`).notes).toEqual(['kept'])
})
