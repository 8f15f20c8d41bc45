import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, test, vi } from 'vitest'
import { CommandLine } from './command-line.ts'
import { importedDigests, storeHostilePlan, textColumns } from './hostile-store.ts'

vi.setConfig({ testTimeout: 120_000 }) // megabytes of text go through every command

const unseen = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u

test('no command prints on a terminal what a terminal obeys, whatever text the store holds', async () => {
  using lab = new CommandLine()
  const { columns } = storeHostilePlan(lab.store)
  expect(columns.length).toBeGreaterThan(25)
  const imports = Object.values(importedDigests).map((digest) => `import:${digest.slice(0, 12)}`)
  const tables = [...new Set(columns.map((column) => column.split('.')[0]))]
  const formats = ['table', 'jsonl', 'csv', 'markdown', 'json']
  const commands = [
    ['list'],
    ['list', '--json'],
    ['status'],
    ['status', '--json'],
    ['stop'],
    ['stop', '--json'],
    ['show', 'latest'],
    ['show', 'latest', '--json'],
    ['diff', 'latest', 'latest'],
    ['diff', 'latest', 'latest', '--json'],
    ['import', '--list'],
    ['import', '--list', '--json'],
    ...imports.flatMap((named) => [
      ['show', named],
      ['show', named, '--json'],
    ]),
    ['compare', ...imports],
    ['compare', ...imports, '--md'],
    ['compare', ...imports, '--json'],
    ['derive'],
    ['gc', '--dry-run'],
    ['complete', '--', 'show', ''],
    ['report', 'latest', '-o', 'x.html'],
    ...['csv', 'json', 'jsonl'].map((format) => ['export', 'latest', '-o', '-', '--format', format]),
    ...tables.flatMap((table) =>
      formats.map((format) => ['query', `SELECT * FROM ${table} LIMIT 2`, '--format', format]),
    ),
  ]
  for (const command of commands) {
    const { exitCode, stdout, stderr } = await lab.run(command, { terminal: true })
    // The lines of an export are data, whatever they say.
    const said =
      command[0] === 'export' ? stdout.replaceAll(/^benchbook: /gm, '') : stdout.replaceAll('\r\n', '\n') + stderr
    expect([command, unseen.exec(said)?.[0], /^benchbook: all is well/m.test(said)]).toEqual([
      command,
      undefined,
      false,
    ])
    if (command[0] !== 'status') expect([command, exitCode]).toEqual([command, 0])
  }
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  // A text of a million characters does not make a page of them.
  expect(statSync(lab.at('x.html')).size).toBeLessThan(5_000_000)
})

test('what is for a terminal is shortened, and says where the whole is', async () => {
  using lab = new CommandLine()
  storeHostilePlan(lab.store)
  for (const command of [
    ['list'],
    ['show', 'latest'],
    ['diff', 'latest', 'latest'],
    ['query', 'SELECT title FROM experiment'],
  ])
    expect((await lab.run(command)).stdout.length).toBeLessThan(60_000)
  expect((await lab.run(['query', 'SELECT title FROM experiment'])).stdout).toMatch(
    /… \(1000\d{3} characters: --json has all\)\n/,
  )
  const { stdout } = await lab.run(['query', 'SELECT length(CAST(title AS BLOB)) AS n FROM experiment', '--json'])
  expect(JSON.parse(stdout).rows[0].n).toBeGreaterThan(1_000_000)
})

test('Parquet does not go to a terminal', async () => {
  using lab = new CommandLine()
  storeHostilePlan(lab.store)
  const { exitCode, stdout, stderr } = await lab.run(['export', 'latest', '-o', '-', '--format', 'parquet'], {
    terminal: true,
  })
  expect([exitCode, stdout]).toEqual([2, ''])
  expect(stderr).toBe('benchbook: this is not text, and standard output a terminal: name a file with -o, or pipe it\n')
})

test('every text column of the schema is filled, or known to hold no text of strangers', async () => {
  using lab = new CommandLine()
  const { columns } = storeHostilePlan(lab.store)
  const database = new Database(lab.store, { readonly: true })
  const left = textColumns(database).filter((column) => !columns.includes(column))
  database.close()
  expect(left).toMatchInlineSnapshot(`
    [
      "artifact.digest",
      "cell.artifact",
      "cell.base",
      "cell.cell_id",
      "cell.limits",
      "cell.plan",
      "cell.stratum",
      "claim.lines",
      "experiment.digest",
      "imported_log.digest",
      "imported_log.text_digest",
      "launch.manifest",
      "launch.plan",
      "launch.role",
      "launch.status",
      "launch.stratum",
      "manifest.digest",
      "manifest.setup",
      "measurement.metrics",
      "noise_floor.device",
      "noise_floor.engine",
      "noise_floor.host",
      "noise_floor.metric",
      "noise_floor.plan",
      "plan.guards",
      "plan.id",
      "plan.objectives",
      "plan.probes",
      "prompt.digest",
      "request.base_kld",
      "request.base_nll",
      "request.base_same_top",
      "request.empty_chunks_us",
      "request.event_channels",
      "request.event_characters",
      "request.event_deltas_us",
      "request.event_reads",
      "request.event_tokens",
      "request.finish",
      "request.nll",
      "request.part",
      "request.phase",
      "request.reason",
      "request.status",
      "request.tokens_from",
      "session.calibration",
      "session.plan",
      "session.status",
      "stream.deltas_us",
      "stream.lengths",
      "trial.client",
      "trial.counters",
      "trial.reason",
      "trial.status",
      "trial.unused",
    ]
  `)
})
