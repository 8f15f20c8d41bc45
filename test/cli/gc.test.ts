import { existsSync, utimesSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openStore } from '../../lib/store/open-store.ts'
import { CommandLine } from './command-line.ts'
import { freshId, storePlan } from './stored-plan.ts'

const longAgo = new Date('2020-01-01')

/** A file that was written long ago. */
function old(lab: CommandLine, path: string, text = 'x'): void {
  lab.write(path, text)
  utimesSync(lab.at(path), longAgo, longAgo)
}

/** A complete plan whose launches have these spools, the first one interrupted. */
function labWithSpools(state: 'planned' | 'complete' = 'complete') {
  const lab = new CommandLine()
  const id = freshId()
  storePlan(lab.store, state, { id })
  using store = openStore({ file: lab.store, mode: 'write' })
  store.sql(`UPDATE launch SET spool = plan || '/launch-' || id`).run()
  store.sql(`UPDATE launch SET status = 'interrupted' WHERE id = 1`).run()
  const spool = (launch: number) => `data/benchbook.db.spool/${id}/launch-${launch}`
  for (const launch of [1, 2, 3]) old(lab, `${spool(launch)}/records.ndjson`, 'record')
  return { lab, spool }
}

test('old spools of what is complete, drafts of the dead and backups go; the rest stays', async () => {
  const { lab, spool } = labWithSpools()
  using _ = lab
  lab.write(`${spool(3)}/worker.log`, 'written just now')
  old(lab, 'data/benchbook.db.v1.bak')
  old(lab, 'data/x.csv.999999999.draft')
  old(lab, 'data/models/quantized/m.gguf.999999999.0c0ffee-1.tmp.log')
  old(lab, `data/y.csv.${process.pid}.draft`)
  old(lab, 'data/mine.bak')
  old(lab, 'data/benchbook.db.probes.999999999/probe/launch-1/worker.log')
  old(lab, `data/benchbook.db.probes.${process.pid}/probe/launch-1/worker.log`)
  const dry = await lab.run(['gc', '--dry-run'])
  expect(dry.stdout.replaceAll(/spool\/\w+/g, 'spool/PLAN')).toMatchInlineSnapshot(`
    "what    size  file
    spool   0 MB  data/benchbook.db.spool/PLAN/launch-2
    backup  0 MB  data/benchbook.db.v1.bak
    spool   0 MB  data/benchbook.db.probes.999999999
    draft   0 MB  data/models/quantized/m.gguf.999999999.0c0ffee-1.tmp.log
    draft   0 MB  data/x.csv.999999999.draft
    "
  `)
  expect(existsSync(lab.at(spool(2)))).toBe(true)
  expect(await lab.refused(['gc', '--json'])).toMatchInlineSnapshot(`
    "2 benchbook: would remove these (0 MB): say --yes where nobody can be asked
    "
  `)
  await lab.run(['gc', '--yes', '--vacuum'])
  expect([1, 2, 3].map((launch) => existsSync(lab.at(spool(launch))))).toEqual([true, false, true])
  const stay = [
    `data/benchbook.db.probes.${process.pid}`,
    'data/benchbook.db',
    `data/y.csv.${process.pid}.draft`,
    'data/mine.bak',
  ]
  for (const path of stay) expect(existsSync(lab.at(path))).toBe(true)
  expect((await lab.run(['gc', '--yes'])).stdout).toBe('nothing to remove\n')
})

test('what an unfinished plan or a living worker has stays', async () => {
  const { lab } = labWithSpools('planned')
  using _ = lab
  expect((await lab.run(['gc', '--yes'])).stdout).toBe('nothing to remove\n')
  const { lab: another, spool } = labWithSpools()
  using other = another
  old(other, `${spool(2)}/claim`, JSON.stringify({ pid: process.pid }))
  expect((await other.run(['gc', '--dry-run'])).stdout).not.toContain('launch-2')
})

test('a spool that a store places elsewhere is never touched', async () => {
  const { lab } = labWithSpools()
  using _ = lab
  using store = openStore({ file: lab.store, mode: 'write' })
  store.sql(`UPDATE launch SET spool = '../../experiments' WHERE id = 2`).run()
  old(lab, 'experiments/records.ndjson')
  await lab.run(['gc', '--yes'])
  expect(existsSync(lab.at('experiments'))).toBe(true)
})

test('models go only with --models, and only those made here that nothing names', async () => {
  using lab = new CommandLine()
  for (const path of ['data/models/random/z.gguf', 'data/models/own.gguf']) old(lab, path)
  expect((await lab.run(['gc', '-n'])).stdout).toBe('nothing to remove\n')
  await lab.run(['gc', '--yes', '--models'])
  expect(existsSync(lab.at('data/models/own.gguf'))).toBe(true)
})

test('an age that is none', async () => {
  using lab = new CommandLine()
  expect(await lab.refused(['gc', '--older', '1w'])).toMatchInlineSnapshot(`
    "2 benchbook: --older is an age such as 12h or 30d, got "1w"
    "
  `)
})
