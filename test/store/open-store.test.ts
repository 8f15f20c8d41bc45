import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { UserError } from '../../lib/domain/user-error.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { listPlans } from '../../lib/store/list-plans.ts'
import { openStore, type StoreOptions } from '../../lib/store/open-store.ts'
import { examplePlan, temporaryFolder, temporaryStore } from './example.ts'

/** The message that opening a store gives, with its folder as `/lab`. */
function openingFails(folder: string, options: StoreOptions): string {
  try {
    openStore(options)[Symbol.dispose]()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    expect(error.exitCode).toBe(2)
    return error.message.replaceAll(folder, '/lab')
  }
  throw new Error('it opened')
}

/** A closed store with one plan in it. */
function writeStore(file: string): void {
  using store = openStore({ file, mode: 'write' })
  insertPlan(store, examplePlan())
}

test('to write, a store and its folder are made where they are missing; closed, it is one file', () => {
  using folder = temporaryFolder()
  writeStore(folder.at('data/deep/lab.db'))
  expect(readdirSync(folder.at('data/deep'))).toEqual(['lab.db'])
})

test('a store that is read leaves no other file beside it', () => {
  using folder = temporaryFolder()
  writeStore(folder.at('lab.db'))
  using store = openStore({ file: folder.at('lab.db'), mode: 'read' })
  expect(listPlans(store)).toHaveLength(1)
  expect(readdirSync(folder.path)).toEqual(['lab.db'])
})

test('while one writes, others read what was committed', () => {
  using lab = temporaryStore()
  insertPlan(lab.store, examplePlan())
  using reader = openStore({ file: lab.file, mode: 'read' })
  expect(listPlans(reader)).toHaveLength(1)
  insertPlan(lab.store, examplePlan({ id: 'c0ffee000002' }))
  expect(listPlans(reader)).toHaveLength(2)
})

test('what was committed before a kill is there afterwards', () => {
  using lab = temporaryStore()
  using folder = temporaryFolder()
  insertPlan(lab.store, examplePlan())
  for (const suffix of ['', '-wal', '-shm']) copyFileSync(lab.file + suffix, folder.at('lab.db') + suffix)
  using store = openStore({ file: folder.at('lab.db'), mode: 'read' })
  expect(listPlans(store)).toHaveLength(1)
})

test('only commits that have reached the disk count as done', () => {
  using lab = temporaryStore()
  const pragma = (name: string) => lab.store.sql(`PRAGMA ${name}`).pluck().get()
  expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys')]).toEqual(['wal', 2, 1])
})

test('a store that is not there is not made by reading it', () => {
  using folder = temporaryFolder()
  expect(openingFails(folder.path, { file: folder.at('lab.db'), mode: 'read' })).toMatchInlineSnapshot(
    `"no store at /lab/lab.db: run an experiment first, or name another with --store"`,
  )
  expect(existsSync(folder.at('lab.db'))).toBe(false)
})

test('a file that is no database stays as it is', () => {
  using folder = temporaryFolder()
  const file = folder.at('notes.txt')
  writeFileSync(file, 'name: quick\n'.repeat(1000))
  expect(openingFails(folder.path, { file, mode: 'write' })).toMatchInlineSnapshot(
    `"/lab/notes.txt is not a store (it is no SQLite file): name another with --store"`,
  )
  expect(readFileSync(file, 'utf8')).toBe('name: quick\n'.repeat(1000))
})

test('the database of another program stays as it is', () => {
  using folder = temporaryFolder()
  const file = folder.at('photos.db')
  new Database(file).exec('CREATE TABLE photo (id INTEGER)').close()
  const before = readFileSync(file)
  expect(openingFails(folder.path, { file, mode: 'write' })).toMatchInlineSnapshot(
    `"/lab/photos.db is a SQLite file of another program and not a store: name another with --store"`,
  )
  expect(readFileSync(file).equals(before)).toBe(true)
})

test('a store of a newer benchbook is refused and stays as it is', () => {
  using folder = temporaryFolder()
  const file = folder.at('lab.db')
  writeStore(file)
  const database = new Database(file)
  database.pragma('user_version = 9')
  database.close()
  expect(openingFails(folder.path, { file, mode: 'read' })).toMatchInlineSnapshot(
    `"the store /lab/lab.db was made by a newer benchbook (store version 9, this one knows 4): update benchbook, or name another with --store"`,
  )
})

test('a folder is no store', () => {
  using folder = temporaryFolder()
  expect(openingFails(folder.path, { file: folder.path, mode: 'read' })).toMatchInlineSnapshot(
    `"/lab is a folder and not a store: name a file with --store"`,
  )
})

test('a device is no store, and a name cannot speak to a terminal', () => {
  using folder = temporaryFolder()
  symlinkSync('/dev/null', folder.at('d\u001b[2J\u202eb\nok'))
  const device = { file: folder.at('d\u001b[2J\u202eb\nok') }
  for (const mode of ['read', 'write'] as const)
    expect(openingFails(folder.path, { ...device, mode })).toBe(
      String.raw`/lab/d\u{1b}[2J\u{202e}b\u{a}ok is no regular file and not a store: name another with --store`,
    )
})

test('a store where no folder can be is refused', () => {
  using folder = temporaryFolder()
  writeFileSync(folder.at('file'), '')
  expect(openingFails(folder.path, { file: folder.at('file/lab.db'), mode: 'write' })).toMatchInlineSnapshot(
    `"the store /lab/file/lab.db cannot be opened (unable to open database file): check that its folder exists and may be used, or name another with --store"`,
  )
  expect(openingFails(folder.path, { file: folder.at('file/deep/lab.db'), mode: 'write' })).toMatchInlineSnapshot(
    `"the store /lab/file/deep/lab.db cannot be opened (ENOTDIR: not a directory, mkdir '/lab/file/deep'): check that its folder exists and may be used, or name another with --store"`,
  )
})

test('a truncated store is called damaged', () => {
  using folder = temporaryFolder()
  const file = folder.at('lab.db')
  writeStore(file)
  writeFileSync(file, readFileSync(file).subarray(0, 20_000))
  expect(openingFails(folder.path, { file, mode: 'read' })).toMatchInlineSnapshot(
    `"the store /lab/lab.db is damaged (database disk image is malformed): restore a copy, save what can be read with \`sqlite3 /lab/lab.db .recover\`, or name another with --store"`,
  )
})

test.each([
  ['its head', 30],
  ['a page in its middle', 3 * 32_768],
])('a store with %s overwritten is called damaged, to read and to write', (_, at) => {
  using folder = temporaryFolder()
  const file = folder.at('lab.db')
  writeStore(file)
  const bytes = readFileSync(file).fill(0xff, at, at + 64)
  writeFileSync(file, bytes)
  for (const mode of ['read', 'write'] as const)
    expect(openingFails(folder.path, { file, mode })).toContain('is damaged')
  expect(readFileSync(file).equals(bytes)).toBe(true)
})

test('a store that another program locks is waited for, and then named', () => {
  using lab = temporaryStore()
  const other = new Database(lab.file)
  other.exec('BEGIN IMMEDIATE')
  using store = openStore({ file: lab.file, mode: 'write', busyTimeoutMs: 0 })
  expect(() => insertPlan(store, examplePlan())).toThrow('is in use by another program: wait until that has finished')
  other.exec('ROLLBACK')
  other.close()
  insertPlan(store, examplePlan())
})

test('a file name that SQLite would read as an address is a file name', () => {
  using folder = temporaryFolder()
  const here = process.cwd()
  mkdirSync(folder.at('lab'))
  process.chdir(folder.at('lab'))
  try {
    writeStore(':memory:')
    writeStore('file:x?mode=memory')
    expect(readdirSync('.')).toEqual([':memory:', 'file:x?mode=memory'])
  } finally {
    process.chdir(here)
  }
})

test('a store that others still read can be closed, and the next writer puts its log away', () => {
  using folder = temporaryFolder()
  const file = folder.at('lab.db')
  const store = openStore({ file, mode: 'write' })
  insertPlan(store, examplePlan())
  const reader = openStore({ file, mode: 'read' })
  expect(listPlans(reader)).toHaveLength(1)
  store[Symbol.dispose]()
  expect(listPlans(reader)).toHaveLength(1)
  reader[Symbol.dispose]()
  openStore({ file, mode: 'write' })[Symbol.dispose]()
  expect(readdirSync(folder.path)).toEqual(['lab.db'])
})
