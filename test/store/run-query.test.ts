import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { UserError } from '../../lib/domain/user-error.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { runQuery } from '../../lib/store/run-query.ts'
import { examplePlan, temporaryStore } from './example.ts'

/** The answer, or the message of the user's mistake. */
function ask(sql: string): unknown {
  using lab = temporaryStore()
  insertPlan(lab.store, examplePlan())
  using store = openStore({ file: lab.file, mode: 'read' })
  try {
    return runQuery(store, sql)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    expect(error.exitCode).toBe(2)
    return error.message
  }
}

test('a query is answered with its columns and rows', () => {
  expect(ask('SELECT id, seed, NULL AS absent FROM plan')).toEqual({
    columns: ['id', 'seed', 'absent'],
    rows: [['c0ffee000001', 7, null]],
  })
})

test('columns with one name keep their own values', () => {
  expect(ask('SELECT 1 AS x, 2 AS x')).toEqual({ columns: ['x', 'x'], rows: [[1, 2]] })
})

test('a query without rows still has its columns', () => {
  expect(ask('SELECT id FROM plan WHERE 0;')).toEqual({ columns: ['id'], rows: [] })
})

test.each([
  'DELETE FROM plan',
  'UPDATE plan SET seed = 1 RETURNING seed',
  "ATTACH 'other.db' AS other",
  "VACUUM INTO 'copy.db'",
  'PRAGMA user_version = 9',
  'PRAGMA journal_mode = DELETE',
  'BEGIN IMMEDIATE',
  'CREATE TEMP TABLE t (x)',
])('%s is refused', (sql) => {
  expect(ask(sql)).toBe(`a query only reads (SELECT, WITH, VALUES, EXPLAIN); got: ${sql}`)
  expect(existsSync('other.db') || existsSync('copy.db')).toBe(false)
})

test('several statements, and none, are refused', () => {
  expect(ask('SELECT 1; DELETE FROM plan')).toMatchInlineSnapshot(
    `"a query is one SQL statement; got: "SELECT 1; DELETE FROM plan""`,
  )
  expect(ask('-- nothing')).toMatchInlineSnapshot(`"a query is one SQL statement; got: "-- nothing""`)
})

test('a parameter, which nothing could fill, is refused', () => {
  expect(ask('SELECT * FROM plan WHERE id = ?')).toMatchInlineSnapshot(
    `"a query has no parameters (?, :name): write the values out; got: SELECT * FROM plan WHERE id = ?"`,
  )
  expect(ask('SELECT * FROM plan WHERE id = :id')).toContain('a query has no parameters')
})

test("what SQLite does not understand is told in SQLite's words", () => {
  expect(ask('SELEC 1')).toMatchInlineSnapshot(`
    "the query does not run: near "SELEC": syntax error
      SELEC 1
    Tables and views are described in data/store.md."
  `)
  expect(ask('SELECT speed FROM v_cell')).toMatchInlineSnapshot(`
    "the query does not run: no such column: speed, did you mean "seed"?
      SELECT speed FROM v_cell
    Tables and views are described in data/store.md."
  `)
  expect(ask(`SELECT json_extract('{', '$.a')`)).toMatchInlineSnapshot(`
    "the query does not run: malformed JSON
      SELECT json_extract('{', '$.a')
    Tables and views are described in data/store.md."
  `)
})

test('a table, view or column that is nearly one is told', () => {
  expect(ask('SELECT * FROM v_cells')).toMatchInlineSnapshot(`
    "the query does not run: no such table: v_cells, did you mean "v_cell"?
      SELECT * FROM v_cells
    Tables and views are described in data/store.md."
  `)
  expect(ask('SELECT c.decode_tp FROM v_cell c')).toContain('no such column: c.decode_tp, did you mean "decode_tps"?')
  expect(ask('SELECT plan_id FROM trial')).toContain('no such column: plan_id, it is one of v_request, v_trial, v_cell')
})

test('neither files nor extensions are within reach', () => {
  expect(ask(`SELECT load_extension('x')`)).toContain('the query does not run')
  expect(ask(`SELECT readfile('/etc/passwd')`)).toContain('no such function: readfile')
})
