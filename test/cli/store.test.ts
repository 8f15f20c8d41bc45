import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { CommandLine, quick } from './command-line.ts'
import { freshId, storePlan } from './stored-plan.ts'

const readers = [
  ['list'],
  ['show', 'latest'],
  ['report', 'latest'],
  ['report', 'experiments/quick.yaml'],
  ['export', 'latest', '-o', 'x.csv'],
  ['query', 'SELECT 1'],
]
const all = [...readers, ['run', '--resume'], ['run', 'experiments/quick.yaml']]

/** What every command says of a store; it must be the same, and the store must stay as it was. */
async function refusal(lab: CommandLine, commands = all, options: readonly string[] = []): Promise<string> {
  const told: string[] = []
  for (const command of commands) told.push(await lab.refused([...command, ...options]))
  expect(new Set(told).size).toBe(1)
  return told[0] as string
}

function labWithStore(): CommandLine {
  const lab = new CommandLine({ 'experiments/quick.yaml': quick })
  storePlan(lab.store, 'complete')
  return lab
}

test('no store yet', async () => {
  using lab = new CommandLine({ 'experiments/quick.yaml': quick })
  expect(await refusal(lab, [...readers, ['run', '--resume']])).toMatchInlineSnapshot(`
    "2 benchbook: no store at /lab/data/benchbook.db: run an experiment first, or name another with --store
    "
  `)
})

test('with --json an error is the same, and standard output stays clean', async () => {
  using lab = new CommandLine({ 'experiments/quick.yaml': quick, 'data/benchbook.db': 'Dear diary' })
  expect(await refusal(lab, all, ['--json'])).toBe(await refusal(lab))
})

test('a store that another option or the environment names', async () => {
  using lab = new CommandLine({ 'experiments/quick.yaml': quick })
  storePlan(lab.at('other.db'), 'complete')
  const named = await lab.run(['list', '--store', 'other.db'])
  expect(named).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('c0ffee000001') })
  expect(await lab.run(['list'], { env: { BENCHBOOK_STORE: 'other.db' } })).toEqual(named)
  expect(await lab.run(['list', '--store', 'other.db'], { env: { BENCHBOOK_STORE: 'nope.db' } })).toEqual(named)
  expect(await lab.refused(['list'], { env: { BENCHBOOK_STORE: 'nope.db' } })).toMatchInlineSnapshot(`
    "2 benchbook: no store at /lab/nope.db: run an experiment first, or name another with --store
    "
  `)
  expect(await lab.refused(['list'], { env: { BENCHBOOK_STORE: '' } })).toContain('/lab/data/benchbook.db')
})

test('a folder, a device, a text and the database of another program', async () => {
  using lab = new CommandLine({ 'experiments/quick.yaml': quick, 'notes.txt': 'name: quick\n'.repeat(1000) })
  mkdirSync(lab.at('folder'))
  symlinkSync('/dev/null', lab.at('device'))
  new Database(lab.at('photos.db')).exec('CREATE TABLE photo (id INTEGER)').close()
  const told: string[] = []
  for (const name of ['folder', 'device', 'notes.txt', 'photos.db'])
    told.push(await refusal(lab, all, ['--store', name]))
  expect(told.join('')).toMatchInlineSnapshot(`
    "2 benchbook: /lab/folder is a folder and not a store: name a file with --store
    2 benchbook: /lab/device is no regular file and not a store: name another with --store
    2 benchbook: /lab/notes.txt is not a store (it is no SQLite file): name another with --store
    2 benchbook: /lab/photos.db is a SQLite file of another program and not a store: name another with --store
    "
  `)
})

test('a place where no store can be', async () => {
  using lab = new CommandLine({ 'experiments/quick.yaml': quick })
  const run = ['run', 'experiments/quick.yaml', '--store']
  const told: string[] = []
  for (const place of ['experiments/quick.yaml/x.db', 'experiments/quick.yaml/deep/x.db', '/proc/benchbook/x.db'])
    told.push(await lab.refused([...run, place]))
  expect(told.join('')).toMatchInlineSnapshot(`
    "2 benchbook: the store /lab/experiments/quick.yaml/x.db cannot be opened (unable to open database file): check that its folder exists and may be used, or name another with --store
    2 benchbook: the store /lab/experiments/quick.yaml/deep/x.db cannot be opened (ENOTDIR: not a directory, mkdir '/lab/experiments/quick.yaml/deep'): check that its folder exists and may be used, or name another with --store
    2 benchbook: the store /proc/benchbook/x.db cannot be opened (ENOENT: no such file or directory, mkdir '/proc/benchbook'): check that its folder exists and may be used, or name another with --store
    "
  `)
})

test('a newer store', async () => {
  using lab = labWithStore()
  const database = new Database(lab.store)
  database.pragma('user_version = 9')
  database.close()
  expect(await refusal(lab)).toMatchInlineSnapshot(`
    "2 benchbook: the store /lab/data/benchbook.db was made by a newer benchbook (store version 9, this one knows 4): update benchbook, or name another with --store
    "
  `)
})

test.each([
  ['cut off', (bytes: Buffer) => bytes.subarray(0, 40_000)],
  ['overwritten in its head', (bytes: Buffer) => bytes.fill(0xff, 30, 94)],
  ['overwritten in its middle', (bytes: Buffer) => bytes.fill(0xff, 3 * 32_768, 3 * 32_768 + 64)],
])('a corrupt store, %s', async (_, damage) => {
  using lab = labWithStore()
  writeFileSync(lab.store, damage(readFileSync(lab.store)))
  expect(await refusal(lab)).toMatch(
    /^2 benchbook: the store \/lab\/data\/benchbook\.db is damaged \([^\n]+\): restore a copy, save what can be read with `sqlite3 \/lab\/data\/benchbook\.db \.recover`, or name another with --store\n$/,
  )
})

test('a plan that is not there, and one that is not the only one', async () => {
  using lab = labWithStore()
  storePlan(lab.store, 'planned', { id: 'c0ffee000002' })
  const ids = ['abc', '', 'c0ffee', 'LATEST', "' OR 1", '%']
  const told: string[] = []
  for (const id of ids)
    told.push(
      await refusal(lab, [
        ['show', id],
        ['report', id],
        ['export', id, '-o', 'x.csv'],
        ['run', '--resume', id],
      ]),
    )
  expect(told.join('')).toMatchInlineSnapshot(`
    "2 benchbook: no plan "abc" in /lab/data/benchbook.db; \`benchbook list\` shows those it has
    2 benchbook: no plan "" in /lab/data/benchbook.db; \`benchbook list\` shows those it has
    2 benchbook: 2 plans in /lab/data/benchbook.db start with "c0ffee"; give more of the id:
      c0ffee000002  quick, 2026-01-02T03:04:05.000Z
      c0ffee000001  quick, 2026-01-02T03:04:05.000Z
    2 benchbook: no plan "LATEST" in /lab/data/benchbook.db; did you mean latest?
    2 benchbook: no plan "' OR 1" in /lab/data/benchbook.db; \`benchbook list\` shows those it has
    2 benchbook: no plan "%" in /lab/data/benchbook.db; \`benchbook list\` shows those it has
    "
  `)
})

test('a store with no plan to go on with', async () => {
  using lab = labWithStore()
  expect(await lab.refused(['run', '--resume'])).toMatchInlineSnapshot(`
    "2 benchbook: every plan in /lab/data/benchbook.db is complete: there is nothing to go on with
    "
  `)
})

test('a complete plan that is named goes on to its report', async () => {
  using lab = new CommandLine()
  const id = freshId()
  storePlan(lab.store, 'complete', { id })
  expect(await lab.run(['run', '--resume', id.slice(0, 8), '--accept-setup'])).toEqual({
    exitCode: 0,
    stdout: `reports/out/quick-${id}.html\n`,
    stderr: `plan ${id}: 0 of 12 trials to measure\n`,
  })
})

test('a plan goes on only where it was begun', async () => {
  using lab = labWithStore()
  const { exitCode, stdout, stderr } = await lab.run(['run', '--resume', 'c0ffee'])
  expect([exitCode, stdout]).toEqual([4, ''])
  expect(stderr).toMatch(
    /^benchbook: this is not the setup that plan c0ffee000001 was begun on: .*\. Plan again, or go on with --accept-setup\n$/,
  )
  expect((await lab.run(['query', 'SELECT resumes FROM session', '--format', 'csv'])).stdout).toBe('resumes\r\n0\r\n')
})
