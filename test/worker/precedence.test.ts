import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { runFirst } from '../../lib/shell/run-first.ts'

const here = (path: string) => new URL(path, import.meta.url).href
/** Takes precedence in a process of its own, and says what the system then says of its threads: policy, and rank in real time. */
const script = `
  import { readdirSync, readFileSync } from 'node:fs'
  import { Worker } from 'node:worker_threads'
  const { takePrecedence, threadFirst } = await import('${here('../../lib/worker/precedence.ts')}')
  const ranked = (id) => {
    const fields = readFileSync('/proc/self/task/' + id + '/stat', 'utf8').split(') ')[1].split(' ')
    return [Number(fields[38]), Number(fields[37])].join(' ')
  }
  const early = readdirSync('/proc/self/task').filter((id) => id !== String(process.pid))
  const said = await takePrecedence()
  const name = 'test-alarm'
  const worker = new Worker('setInterval(() => {}, 1000)', { eval: true, name })
  await new Promise((resolve) => worker.once('online', resolve))
  const threads = readdirSync('/proc/self/task')
  const alarm = threads.find((id) => readFileSync('/proc/self/task/' + id + '/comm', 'utf8').trim() === name)
  const before = ranked(alarm)
  await threadFirst(name)
  const helpers = early.filter((id) => threads.includes(id)).map(ranked)
  console.log(JSON.stringify({ said, main: ranked(process.pid), before, alarm: ranked(alarm), helpers }))
  process.exit()
`

// Allowed or not, what is said must be so: both are seen, as root and as a user.
test('the thread that stamps and the one that wakes it come first where that is said, then those that they may wait for', async () => {
  if (process.platform !== 'linux') return expect(await runFirst(process.pid)).toBe(false)
  const args = ['--input-type=module', '--eval', script]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const { said, main, before, alarm, helpers } = JSON.parse(stdout) as Said
  const [ordinary, second, first] = ['0 0', '1 1', '1 2']
  const granted = said.realTime ? first : ordinary
  expect({ main, before, alarm }).toEqual({ main: granted, before: ordinary, alarm: granted })
  expect(helpers.length).toBeGreaterThan(0)
  expect(new Set(helpers)).toEqual(new Set([said.realTime ? second : ordinary]))
})

test('what the system refuses is said, and no error', async () => {
  expect(await runFirst(2 ** 30)).toBe(false) // no thread has that number
})

type Said = { said: { realTime: boolean }; main: string; before: string; alarm: string; helpers: string[] }
