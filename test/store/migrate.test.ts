import { readdirSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { runningSessions } from '../../lib/store/heartbeats.ts'
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
const versionIn = (file: string) => {
  const database = new Database(file, { readonly: true })
  const version = versionOf(database)
  database.close()
  return version
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

test('a store of version 1 keeps what it has; what was measured again in it is marked, and its trials are not retried', () => {
  using folder = temporaryFolder()
  const file = folder.at('lab.db')
  const old = new Database(file)
  old.exec(`${migrations[0]} CREATE VIEW v_trial AS SELECT id, status FROM trial;`)
  old.pragma(`application_id = ${applicationId}`)
  old.pragma('user_version = 1')
  old.exec(`
    INSERT INTO experiment VALUES (1, 'e', 'quick', 'Quick', NULL, 'quick.yaml', 'name: quick');
    INSERT INTO plan VALUES ('c0ffee000001', 1, 5, 7, 1, 'benchbook run quick.yaml', '[]');
    INSERT INTO artifact VALUES ('d', '/a.gguf', NULL, NULL);
    INSERT INTO cell VALUES (1, 'c0ffee000001', 'c', '{}', '{}', '{}', '{}', '{"loadMs":1}', 'd', '{}');
    INSERT INTO session VALUES (1, 'c0ffee000001', 10, NULL, 0, 'running');
    INSERT INTO launch (id, plan, ordinal, block, arm, stratum, device, status) VALUES
      (1, 'c0ffee000001', 0, 0, '{}', '{}', 'cpu', 'interrupted'), (3, 'c0ffee000001', 1, 1, '{}', '{}', 'cpu', 'interrupted');
    INSERT INTO launch (id, plan, ordinal, block, arm, stratum, device, status, attempt, continues)
      VALUES (2, 'c0ffee000001', 0, 0, '{}', '{}', 'cpu', 'ok', 2, 1);
    INSERT INTO trial (id, launch, cell, status) VALUES (1, 1, 1, 'interrupted'), (2, 2, 1, 'ok'), (3, 3, 1, 'interrupted');
  `)
  old.close()
  using store = openStore({ file, mode: 'read' })
  const rows = (sql: string) => store.read(() => store.sql(sql).all())
  expect(rows('SELECT trial_id, status, unused FROM v_trial ORDER BY trial_id')).toEqual([
    { trial_id: 1, status: 'interrupted', unused: 'interrupted' },
    { trial_id: 2, status: 'ok', unused: null },
    { trial_id: 3, status: 'interrupted', unused: null },
  ])
  expect(rows('SELECT n FROM v_cell')).toEqual([{ n: 1 }])
  expect(rows('SELECT limits FROM cell')).toEqual([{ limits: '{"loadMs":1,"retries":0}' }])
  expect(listPlans(store)[0]?.trials).toMatchObject({ ok: 1, interrupted: 1 })
  expect(runningSessions(store)).toEqual([{ sessionId: 1, planId: 'c0ffee000001', startedAtMs: 10 }])
  expect(versionIn(`${file}.v1.bak`)).toBe(1)
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
