import { mkdirSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { endLaunch } from '../../lib/store/end-launch.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { examplePlan, startedPlan } from '../store/example.ts'
import { CommandLine } from './command-line.ts'

const log = 'loading\r\n\u001b[2Jmodel \u202eevil\n한국어 without an end'

/** A lab with a launch that runs, and its log. */
function labWithLog(): CommandLine {
  const lab = new CommandLine()
  using store = openStore({ file: lab.store, mode: 'write' })
  startedPlan(store, examplePlan())
  store.sql(`UPDATE launch SET spool = 'p/launch-1' WHERE id = 1`).run()
  mkdirSync(`${lab.store}.spool/p/launch-1`, { recursive: true })
  writeFileSync(`${lab.store}.spool/p/launch-1/worker.log`, log)
  return lab
}

test('the log of a trial is that of its launch, with nothing that speaks to a terminal; -f ends with the worker', async () => {
  using lab = labWithLog()
  for (const args of [['1'], ['trial:1'], ['launch:1'], ['1', '-f']])
    expect((await lab.run(['logs', ...args])).stdout).toBe(
      'loading\n\\u{1b}[2Jmodel \\u{202e}evil\n한국어 without an end\n',
    )
  expect(JSON.parse((await lab.run(['logs', '1', '--json'])).stdout)).toMatchObject({
    launch: 1,
    trials: [1, 2, 3],
    from: 'spool',
  })
})

test("what a started engine printed comes after its worker's log", async () => {
  using lab = labWithLog()
  lab.write('data/benchbook.db.spool/p/launch-1/engine.log', 'listening\nasked\u0007')
  for (const args of [['1'], ['1', '-f']])
    expect((await lab.run(['logs', ...args])).stdout.split('\n').toSorted()).toEqual(
      ['', 'asked\\u{7}', 'listening', 'loading', '\\u{1b}[2Jmodel \\u{202e}evil', '한국어 without an end'].toSorted(),
    )
  expect((await lab.run(['logs', '1'])).stdout).toMatch(/^loading[^]*without an end\nlistening\nasked/)
  expect(JSON.parse((await lab.run(['logs', '1', '--json'])).stdout).log).toMatch(/^loading[^]*listening/)
})

test('where the spool is gone, the end of the log of a failed launch is in the store', async () => {
  using lab = new CommandLine()
  using store = openStore({ file: lab.store, mode: 'write' })
  startedPlan(store, examplePlan())
  expect((await lab.run(['logs', '1'])).stderr).toMatchInlineSnapshot(`
    "benchbook: the log of 1 is gone with its spool, and launch 1 did not fail, so the store kept none of it
    "
  `)
  const outcome = { status: 'failed', reason: 'crashed', detail: 'ended', logTail: 'the last\nwords\n' } as const
  endLaunch(store, { launchId: 1, outcome, atMs: 5 })
  expect(await lab.run(['logs', 'launch:1'])).toMatchInlineSnapshot(`
    {
      "exitCode": 0,
      "stderr": "the spool of launch 1 is gone; this is the end of its log, which the store has
    ",
      "stdout": "the last
    words
    ",
    }
  `)
})

test.for([['x'], ['launch:99'], ['99'], ['10'], ['1', '-f', '--json']])('%j is refused', async (args) => {
  using lab = labWithLog()
  expect(await lab.refused(['logs', ...args])).toMatchSnapshot()
})
