import { expect, test } from 'vitest'
import { CommandLine } from './command-line.ts'
import { storePlan } from './stored-plan.ts'

test('queries that are not answered leave the store as it is', async () => {
  using lab = new CommandLine()
  storePlan(lab.store, 'complete')
  const queries = [
    'SELEC 1',
    'SELECT * FROM plans',
    'SELECT 1; SELECT 2',
    '',
    'DELETE FROM plan',
    'UPDATE plan SET seed = 1 RETURNING seed',
    "ATTACH '/lab/x.db' AS x",
    "VACUUM INTO 'x.db'",
    'PRAGMA user_version = 7',
    'DROP VIEW v_cell',
    "SELECT writefile('x', 'y')",
    "SELECT load_extension('x')",
    'SELECT * FROM plan WHERE id = ?',
    'SELECT * FROM plan WHERE id = :id',
    "SELECT 'two\nlines\u001b[2J' FROM nope",
  ]
  const told: string[] = []
  for (const sql of queries) told.push(await lab.refused(['query', sql]))
  expect(told.join('')).toMatchInlineSnapshot(`
    "2 benchbook: the query does not run: near "SELEC": syntax error
      SELEC 1
    Tables and views are described in data/store.md.
    2 benchbook: the query does not run: no such table: plans, did you mean "plan"?
      SELECT * FROM plans
    Tables and views are described in data/store.md.
    2 benchbook: a query is one SQL statement; got: "SELECT 1; SELECT 2"
    2 benchbook: a query is one SQL statement; got: ""
    2 benchbook: a query only reads (SELECT, WITH, VALUES, EXPLAIN); got: DELETE FROM plan
    2 benchbook: a query only reads (SELECT, WITH, VALUES, EXPLAIN); got: UPDATE plan SET seed = 1 RETURNING seed
    2 benchbook: a query only reads (SELECT, WITH, VALUES, EXPLAIN); got: ATTACH '/lab/x.db' AS x
    2 benchbook: a query only reads (SELECT, WITH, VALUES, EXPLAIN); got: VACUUM INTO 'x.db'
    2 benchbook: a query only reads (SELECT, WITH, VALUES, EXPLAIN); got: PRAGMA user_version = 7
    2 benchbook: a query only reads (SELECT, WITH, VALUES, EXPLAIN); got: DROP VIEW v_cell
    2 benchbook: the query does not run: no such function: writefile
      SELECT writefile('x', 'y')
    Tables and views are described in data/store.md.
    2 benchbook: the query does not run: not authorized
      SELECT load_extension('x')
    Tables and views are described in data/store.md.
    2 benchbook: a query has no parameters (?, :name): write the values out; got: SELECT * FROM plan WHERE id = ?
    2 benchbook: a query has no parameters (?, :name): write the values out; got: SELECT * FROM plan WHERE id = :id
    2 benchbook: the query does not run: no such table: nope
      SELECT 'two
    lines\\u{1b}[2J' FROM nope
    Tables and views are described in data/store.md.
    "
  `)
})

test('a format that there is not', async () => {
  using lab = new CommandLine()
  storePlan(lab.store, 'planned')
  expect(await lab.refused(['query', 'SELECT 1', '--format', 'toString'])).toMatchInlineSnapshot(`
    "2 benchbook: --format is table, json, jsonl, csv or markdown, got "toString"
    "
  `)
})

test('what is stored never speaks to a terminal, and is whole as JSON', async () => {
  using lab = new CommandLine()
  storePlan(lab.store, 'planned')
  const sql = `SELECT 'a' || char(27) || '[2J' || char(155) || char(8238) || char(10) || 'b' AS "h\u001b[1m"`
  expect((await lab.run(['query', sql])).stdout).toBe(
    String.raw`h\u{1b}[1m${'\n'}a\u{1b}[2J\u{9b}\u{202e}\u{a}b${'\n'}`,
  )
  const { stdout: json } = await lab.run(['query', sql, '--json'])
  expect(json).not.toMatch(/[\p{Cf}\u007f-\u009f]/u)
  expect(JSON.parse(json).rows).toEqual([{ 'h\u001b[1m': 'a\u001b[2J\u009b\u202e\nb' }])
})

test('columns of one name are told apart in JSON', async () => {
  using lab = new CommandLine()
  storePlan(lab.store, 'planned')
  const { stdout } = await lab.run(['query', 'SELECT 1 AS a, 2 AS a, 3 AS b', '--json'])
  expect(JSON.parse(stdout).rows).toEqual([{ a: 1, a_2: 2, b: 3 }])
})

test('whole numbers beyond 2^53 keep all their digits in every format', async () => {
  using lab = new CommandLine()
  storePlan(lab.store, 'planned')
  const sql = 'SELECT 9223372036854775807 AS n, -9007199254740993 AS m, 3 AS k'
  const digits = /9223372036854775807[^]*-9007199254740993[^]*3/
  for (const format of ['table', 'json', 'jsonl', 'csv', 'markdown'])
    expect((await lab.run(['query', sql, '--format', format])).stdout).toMatch(digits)
})

test('JSON Lines has an object per row, and Markdown a table that is only text', async () => {
  using lab = new CommandLine()
  storePlan(lab.store, 'planned')
  const sql = `SELECT '<b>|_x_' AS a, 1 AS n UNION ALL SELECT char(27) || '[2J' || char(10) || '[l](u)', 2`
  const { stdout: lines } = await lab.run(['query', sql, '--format', 'jsonl'])
  expect(
    lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { a: '<b>|_x_', n: 1 },
    { a: '\u001b[2J\n[l](u)', n: 2 },
  ])
  expect((await lab.run(['query', sql, '--format', 'markdown'])).stdout).toBe(
    String.raw`| a | n |
| --- | --: |
| \<b\>\|\_x\_ | 1 |
| \\u\{1b\}\[2J\\u\{a\}\[l\](u) | 2 |
`,
  )
})

test('CSV is as stored where a program reads it, and shows control characters on a terminal', async () => {
  using lab = new CommandLine()
  storePlan(lab.store, 'planned')
  const args = ['query', `SELECT 'a' || char(27) || '[2J' || char(10) || 'b' AS x`, '--format', 'csv']
  expect((await lab.run(args)).stdout).toBe('x\r\n"a\u001b[2J\nb"\r\n')
  expect((await lab.run(args, { terminal: true })).stdout).toBe(String.raw`x${'\r\n'}a\u{1b}[2J\u{a}b${'\r\n'}`)
})
