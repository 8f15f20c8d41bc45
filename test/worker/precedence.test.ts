import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { runFirst } from '../../lib/shell/run-first.ts'

const here = (path: string) => new URL(path, import.meta.url).href
/** Takes precedence in a process of its own, and says what the system then says of its threads. */
const script = `
  import { readdirSync, readFileSync } from 'node:fs'
  import { Worker } from 'node:worker_threads'
  const { takePrecedence, threadFirst } = await import('${here('../../lib/worker/precedence.ts')}')
  const policyOf = (id) => Number(readFileSync('/proc/self/task/' + id + '/stat', 'utf8').split(') ')[1].split(' ')[38])
  const said = await takePrecedence()
  const name = 'test-alarm'
  const worker = new Worker('setInterval(() => {}, 1000)', { eval: true, name })
  await new Promise((resolve) => worker.once('online', resolve))
  const threads = readdirSync('/proc/self/task')
  const alarm = threads.find((id) => readFileSync('/proc/self/task/' + id + '/comm', 'utf8').trim() === name)
  const before = policyOf(alarm)
  await threadFirst(name)
  const others = threads.filter((id) => id !== String(process.pid) && id !== alarm).map(policyOf)
  console.log(JSON.stringify({ said, main: policyOf(process.pid), before, alarm: policyOf(alarm), others }))
  process.exit()
`

// Allowed or not, what is said must be so: both are seen, as root and as a user.
test('the thread that stamps and the one that wakes it come first where that is said, and no other', async () => {
  if (process.platform !== 'linux') return expect(await runFirst(process.pid)).toBe(false)
  const args = ['--input-type=module', '--eval', script]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const { said, main, before, alarm, others } = JSON.parse(stdout) as Said
  const [ordinary, fifo] = [0, 1]
  const granted = said.realTime ? fifo : ordinary
  expect({ main, before, alarm }).toEqual({ main: granted, before: ordinary, alarm: granted })
  expect(new Set(others)).toEqual(new Set([ordinary]))
})

test('what the system refuses is said, and no error', async () => {
  expect(await runFirst(2 ** 30)).toBe(false) // no thread has that number
})

type Said = { said: { realTime: boolean }; main: number; before: number; alarm: number; others: number[] }
