import { expect, test } from 'vitest'
import { RunTeller } from '../../lib/cli/run-teller.ts'
import { examplePlan, startedPlan, temporaryStore } from '../store/example.ts'
import { DrawnTerminal, seen } from './drawn-terminal.ts'

/** A run on a terminal that its table fills; `shown` is what of it is on the screen now. */
function running() {
  const temporary = temporaryStore()
  startedPlan(temporary.store)
  const terminal = new DrawnTerminal(80, 7)
  const stderr = (text: string) => terminal.write(text)
  const teller = new RunTeller(temporary.store, { terminal, stderr } as never)
  const shown = () => terminal.lines.map(seen).slice(-terminal.rows())
  const begin = () => teller.onEvent({ kind: 'started', planId: examplePlan().id, trials: 12, done: 0 })
  return { temporary, teller, shown, begin }
}

test('what the run is about is in a table that fills the terminal, and how to go on is read below its last state', async () => {
  const { temporary, teller, shown, begin } = running()
  await teller.around(async () => {
    begin()
    teller.sayOfRun('finishing the current trial; Ctrl-C again stops it')
    expect(shown()).toContain('finishing the current trial; Ctrl-C again stops it')
    teller.say('interrupted; go on with: benchbook run --resume ID', 'afterwards')
    expect(shown()).not.toContain('interrupted; go on with: benchbook run --resume ID')
  })
  expect(shown()).not.toContain('finishing the current trial; Ctrl-C again stops it')
  expect(shown().filter(Boolean).at(-1)).toBe('interrupted; go on with: benchbook run --resume ID')
  temporary[Symbol.dispose]()
})

test('a wait is in the table until it is over', async () => {
  const { temporary, teller, shown, begin } = running()
  await teller.around(async () => {
    begin()
    teller.onEvent({ kind: 'waiting', for: 'guard', detail: 'on battery' })
    expect(shown()).toContain('waiting: on battery')
    teller.onEvent({ kind: 'waited', for: 'guard' })
    expect(shown()).not.toContain('waiting: on battery')
  })
  temporary[Symbol.dispose]()
})

test('a line that is longer than the terminal is broken between words, and one of a log is not', async () => {
  const { temporary, teller, shown, begin } = running()
  const line =
    'client: adds 0.88 ms to TTFT and 0.3 ms to a gap between events, sends 3.7 ms late (each at p99), takes 890,000 events/s'
  teller.say(line)
  expect(shown().filter(Boolean)).toEqual([
    'client: adds 0.88 ms to TTFT and 0.3 ms to a gap between events, sends 3.7 ms',
    '  late (each at p99), takes 890,000 events/s',
  ])
  const log: string[] = []
  new RunTeller(temporary.store, { stderr: (text: string) => log.push(text) } as never).say(line)
  expect(log).toEqual([`${line}\n`])
  await teller.around(async () => {
    begin()
    teller.say(line)
    expect(shown()).not.toContain(line.slice(0, 80))
  })
  temporary[Symbol.dispose]()
})
