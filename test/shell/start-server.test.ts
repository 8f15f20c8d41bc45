import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { engineMark, killMarked, killOrphans, launchMark, markedProcesses } from '../../lib/shell/marked-processes.ts'
import { startServer } from '../../lib/shell/start-server.ts'

let folder = ''
let mark = ''
let count = 0
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchbook-server-'))
  mark = engineMark(launchMark(`test-${(count += 1)}`))
})
afterEach(() => {
  killMarked(mark)
  rmSync(folder, { recursive: true, force: true })
})

const start = (script: string, graceMs = 200) =>
  startServer(['bash', '-c', script], { mark, env: {}, log: join(folder, 'log'), graceMs })
const log = () => readFileSync(join(folder, 'log'), 'utf8')
const ready = (lines: number) => expect.poll(() => log().split('ready').length - 1, { timeout: 20_000 }).toBe(lines)

test.for([
  ['ends at SIGTERM', `trap 'exit 0' TERM; echo ready; while true; do sleep 0.05; done`, 1],
  ['ignores SIGTERM', `trap '' TERM; echo ready; while true; do sleep 0.05; done`, 1],
  ['has a child that ignores SIGTERM', `(trap '' TERM; echo ready; sleep 61 & wait) & echo ready; wait`, 2],
  [
    'has a child in a session of its own',
    `setsid bash -c 'trap "" TERM; echo ready; sleep 62 & wait' & echo ready; wait`,
    2,
  ],
  ['forks twice and lets go', `(setsid bash -c 'echo ready; sleep 63' &) ; echo ready; sleep 64`, 2],
  ['takes the mark out of a child', `env -i bash -c 'echo ready; sleep 65' & echo ready; wait`, 2],
  ['ends and leaves a child behind', `(echo ready; exec sleep 66) & exit 1`, 1],
] as const)('nothing is left of a server that %s', async ([, script, lines]) => {
  const server = start(script)
  await ready(lines)
  expect(await server.stop()).toEqual([])
  expect(markedProcesses(mark)).toEqual([])
})

test.for([
  ['exit 3', { code: 3, signal: undefined }],
  ['kill -KILL $$', { code: undefined, signal: 'SIGKILL' }],
  ['kill -SEGV $$', { code: undefined, signal: 'SIGSEGV' }],
] as const)('how a server ended is told: %s', async ([script, exit]) => {
  expect(await start(script).ended).toEqual(exit)
})

test('a server that puts itself into the background has ended when nothing of it is left', async () => {
  const server = start(`(echo ready; exec sleep 67) & disown; exit 0`)
  await ready(1)
  const [pid] = markedProcesses(mark)
  let over = false
  void server.ended.then(() => (over = true))
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(over).toBe(false)
  process.kill(pid as number, 'SIGKILL')
  expect(await server.ended).toEqual({ code: 0, signal: undefined })
})

test('the process of a server is the program itself', async () => {
  const server = start('echo ready; exec sleep 68')
  await ready(1)
  await expect.poll(() => readFileSync(`/proc/${server.pid}/cmdline`, 'utf8')).toBe('sleep\u000068\0')
})

test('an engine is an orphan when the worker of its launch is no more, and not before', async () => {
  start('echo ready; exec sleep 69')
  await ready(1)
  expect(killOrphans()).toEqual([])
  expect(markedProcesses(mark)).not.toEqual([])
  const gone = engineMark('test-gone@1.7')
  const orphan = startServer(['sleep', '70'], { mark: gone, env: {} })
  await expect.poll(() => markedProcesses(gone).length).toBeGreaterThan(0)
  expect(killOrphans()).toContain(orphan.pid)
  expect(markedProcesses(gone)).toEqual([])
})
