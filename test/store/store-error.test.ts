import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { UserError } from '../../lib/domain/user-error.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { Store } from '../../lib/store/store.ts'
import { storeError } from '../../lib/store/store-error.ts'
import { examplePlan, temporaryStore } from './example.ts'

const failure = (code: string) => Object.assign(new Error('words of the system'), { code })
const told = (code: string) => {
  const error = storeError(failure(code), 'data/lab.db')
  return error instanceof UserError ? `${error.exitCode}: ${error.message}` : 'a bug'
}

test('what the system refuses is told with its place and a remedy', () => {
  const codes = ['EACCES', 'EROFS', 'SQLITE_READONLY_DIRECTORY', 'SQLITE_CANTOPEN', 'SQLITE_BUSY_SNAPSHOT']
  expect(codes.map(told)).toMatchInlineSnapshot(`
    [
      "2: the store data/lab.db cannot be written (it or its folder is read-only): make it writable, or name another with --store",
      "2: the store data/lab.db cannot be written (it or its folder is read-only): make it writable, or name another with --store",
      "2: the store data/lab.db cannot be written (it or its folder is read-only): make it writable, or name another with --store",
      "2: the store data/lab.db cannot be opened (words of the system): check that its folder exists and may be used, or name another with --store",
      "2: the store data/lab.db is in use by another program: wait until that has finished, or name another with --store",
    ]
  `)
  expect(['SQLITE_FULL', 'ENOSPC', 'SQLITE_IOERR_WRITE', 'SQLITE_CORRUPT_INDEX'].map(told)).toMatchInlineSnapshot(`
    [
      "2: no room is left on the disk of the store data/lab.db: make room and go on; what was committed is kept",
      "2: no room is left on the disk of the store data/lab.db: make room and go on; what was committed is kept",
      "2: the disk failed under the store data/lab.db (words of the system): check the disk, or name another with --store",
      "2: the store data/lab.db is damaged (words of the system): restore a copy, save what can be read with \`sqlite3 data/lab.db .recover\`, or name another with --store",
    ]
  `)
})

test('a store that is taken away under its user is not called read-only', () => {
  expect(told('SQLITE_READONLY_DBMOVED')).toMatchInlineSnapshot(
    `"2: the store data/lab.db was moved or deleted while it was in use: put it back, with what lies beside it"`,
  )
})

test('anything else is a bug and stays what it is', () => {
  expect(['SQLITE_ERROR', 'SQLITE_CONSTRAINT_UNIQUE', 'ERR_ASSERTION'].map(told)).toEqual(['a bug', 'a bug', 'a bug'])
  const bug = new TypeError('x is not a function')
  expect(storeError(bug, 'data/lab.db')).toBe(bug)
})

test('the failure is kept as the cause', () => {
  const full = failure('SQLITE_FULL')
  expect(storeError(full, 'data/lab.db')).toHaveProperty('cause', full)
})

test('writing to a store that lets itself only be read is told so', () => {
  using lab = temporaryStore()
  using store = new Store({ database: new Database(lab.file, { readonly: true }), file: 'data/lab.db', mode: 'read' })
  expect(() => insertPlan(store, examplePlan())).toThrow(
    'the store data/lab.db cannot be written (it or its folder is read-only): make it writable',
  )
})
