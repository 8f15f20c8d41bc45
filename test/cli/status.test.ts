import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { openStore } from '../../lib/store/open-store.ts'
import { writeHeartbeat } from '../../lib/store/heartbeats.ts'
import { CommandLine } from './command-line.ts'
import { freshId, storePlan } from './stored-plan.ts'
import { beginning, examplePlan, startedPlan } from '../store/example.ts'

const shown = (text: string, id: string) => text.replaceAll(id, 'ID').replaceAll(/20\d\d-\S+ \S+/g, 'DATE TIME')

test('where nothing runs, status says how to go on with the last plan', async () => {
  using lab = new CommandLine()
  const [planned, complete] = [freshId(), freshId()]
  storePlan(lab.store, 'planned', { id: planned })
  const said = await lab.run(['status'])
  expect([said.exitCode, shown(said.stdout, planned)]).toMatchInlineSnapshot(`
    [
      0,
      "nothing runs in /lab/data/benchbook.db; the last plan:
    quick (plan ID): not begun
      0 of 12 trials
      go on with: benchbook run --resume ID
    ",
    ]
  `)
  storePlan(lab.store, 'complete', { id: complete, createdAtMs: Date.UTC(2027, 0, 1) })
  expect(shown((await lab.run(['status', '--watch'])).stdout, complete)).toMatchInlineSnapshot(`
    "nothing runs in /lab/data/benchbook.db; the last plan:
    quick (plan ID): complete
      12 of 12 trials
      its report: benchbook report ID
    "
  `)
  expect(shown((await lab.run(['status', planned])).stdout, planned)).not.toContain('nothing runs')
})

test('a plan that runs is told with its runner, its progress and its log; one without a sign of life is dead', async () => {
  using lab = new CommandLine()
  const id = freshId()
  using store = openStore({ file: lab.store, mode: 'write' })
  const { sessionId } = startedPlan(store, examplePlan({ id }))
  beginning(store, 1)
  writeHeartbeat(store, { sessionId, atMs: Date.now(), host: 'another', pid: 77 })
  const { stdout } = await lab.run(['status'])
  expect(shown(stdout, id).replaceAll(/\d+ s\b|[\d.]+ (h|min)\b/g, 'N s')).toMatchInlineSnapshot(`
    "quick (plan ID): running
      session 1, process 77 on another, since 1970-01-01 00:00 UTC; last sign of life N s ago
      1 of 12 trials; about N s left (by other cells)
      launch 1, block 1: its trial 2 runs for N s
      log: data/benchbook.db.spool/spools/1/worker.log (benchbook logs launch:1 -f)
    "
  `)
  expect(JSON.parse((await lab.run(['status', '--json'])).stdout).plans[0]).toMatchObject({
    plan: id,
    state: 'running',
    session: { pid: 77, host: 'another' },
    trials: { all: 12, open: 10, running: 1, ok: 1 },
    launch: { id: 1, block: 0, trial: 2 },
  })
  writeHeartbeat(store, { sessionId, atMs: Date.now() - 60_000, host: 'another', pid: 77 })
  expect(shown((await lab.run(['status', id])).stdout, id)).toContain('dead: its runner ended without a word')
  writeHeartbeat(store, { sessionId, atMs: Date.now(), host: hostname(), pid: process.pid, pidStart: '1' })
  expect((await lab.run(['status', id])).stdout, 'another process has its number').toContain('dead')
})
