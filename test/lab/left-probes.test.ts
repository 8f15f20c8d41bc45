import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { clearLeftProbes, leftProbes, probesFolder } from '../../lib/lab/left-probes.ts'
import { ownProcessId } from '../../lib/shell/process-id.ts'

const folder = mkdtempSync(join(tmpdir(), 'benchbook-probes-'))
const file = join(folder, 'lab.db')
const others: ChildProcess[] = []
afterEach(() => {
  for (const other of others.splice(0)) other.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** The folder of a process, with a spool in it that a worker has claimed. */
function left(owner: { pid: number; startTicks?: string }, worker: number): string {
  const path = probesFolder(file, owner)
  const spool = join(path, 'plan', 'launch-1')
  mkdirSync(spool, { recursive: true })
  writeFileSync(join(spool, 'launch.json'), '{}')
  writeFileSync(join(spool, 'claim'), JSON.stringify({ attempt: 1, pid: worker }))
  return path
}

async function cleared(): Promise<string> {
  const lines: string[] = []
  await clearLeftProbes(file, { say: (line) => lines.push(line), cwd: folder })
  return lines.join('\n')
}

const dead = 999_999_999

test('what a killed process was trying is removed, its worker ended, and both told', async () => {
  const worker = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  others.push(worker)
  const ended = once(worker, 'exit')
  const path = left({ pid: dead, startTicks: '7' }, worker.pid as number)
  expect(await cleared()).toMatchInlineSnapshot(
    `"removed lab.db.probes.999999999-7, which process 999999999 left when it was killed while it looked for a rate"`,
  )
  expect(existsSync(path)).toBe(false)
  expect(await ended).toEqual([null, 'SIGTERM'])
  expect(await cleared()).toBe('')
})

test('what a living process tries stays; one that was given a number again is another', async () => {
  const own = left(ownProcessId(), dead)
  const reused = left({ pid: process.pid, startTicks: '7' }, dead)
  mkdirSync(join(folder, 'lab.db.probes.x'))
  mkdirSync(join(folder, `other.db.probes.${dead}`))
  expect(await leftProbes(file)).toEqual([{ path: reused, pid: process.pid }])
  await cleared()
  expect([existsSync(own), existsSync(reused)]).toEqual([true, false])
})

test('where there is no folder at all nothing is left', async () => {
  rmSync(folder, { recursive: true, force: true })
  expect(await cleared()).toBe('')
})
