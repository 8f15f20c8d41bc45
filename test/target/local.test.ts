import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LaunchSpec } from '../../lib/domain/launch.ts'
import { localTarget } from '../../lib/target/local.ts'

let spools: string
beforeEach(() => {
  spools = mkdtempSync(join(tmpdir(), 'spools-'))
})
afterEach(() => rmSync(spools, { recursive: true }))

const worker = [process.execPath, fileURLToPath(new URL('scripted-worker.ts', import.meta.url))] as const
const launch = { version: 1, planId: 'abc', launchId: 3, attempt: 1 } as unknown as LaunchSpec

test('a spool holds its launch, and its worker is started, signalled and read from an offset', async () => {
  const target = localTarget({ spools, worker: [...worker] })
  const spool = await target.put(launch)
  expect(JSON.parse(readFileSync(join(spools, spool, 'launch.json'), 'utf8'))).toEqual(launch)
  expect(await target.state(spool)).toBe('unclaimed')
  await target.start(spool)
  await expect.poll(() => target.state(spool), { timeout: 20_000 }).toBe('running')
  await expect.poll(async () => text(await target.read(spool, 0)), { timeout: 20_000 }).toBe('ready\n')
  await target.signal(spool, 'SIGTERM')
  await expect.poll(() => target.state(spool), { timeout: 20_000 }).toBe('gone')
  expect(text(await target.read(spool, 6))).toBe('SIGTERM\n')
  expect(await target.logTail(spool, 5)).toBe('word\n')
})

test('spools that were moved with their lab are found, and one that was taken away has no worker', async () => {
  const spool = await localTarget({ spools, worker: [...worker] }).put(launch)
  renameSync(spools, `${spools}-moved`)
  const moved = localTarget({ spools: `${spools}-moved`, worker: [...worker] })
  expect(await moved.state(spool)).toBe('unclaimed')
  renameSync(`${spools}-moved`, spools)
  expect(await moved.state(spool)).toBe('gone')
  expect([await moved.heartbeat(spool), await moved.logTail(spool, 10), text(await moved.read(spool, 0))]).toEqual([
    '',
    '',
    '',
  ])
  await moved.signal(spool, 'SIGTERM')
})

test('where a spool cannot be written the error says what to do', async () => {
  const target = localTarget({ spools: join(process.execPath, 'spools'), worker: [...worker] })
  await expect(target.put(launch)).rejects.toThrow(/^cannot write the spool .*launch-3 \(ENOTDIR\): make room there/)
})

test.for(['../mine', '/etc', '.', ''])(
  'a spool at %j was put there by no runner: nothing is read, started or signalled',
  async (spool) => {
    writeFileSync(join(spools, 'claim'), JSON.stringify({ pid: process.pid }))
    const target = localTarget({ spools: join(spools, 'spools'), worker: [...worker] })
    const uses = ['start', 'state', 'heartbeat', 'freeBytes'] as const
    for (const use of uses) await expect(target[use](spool)).rejects.toThrow('outside of')
    await expect(target.signal(spool, 'SIGTERM')).rejects.toThrow('outside of')
    await expect(target.read(spool, 0)).rejects.toThrow('outside of')
    await expect(target.logTail(spool, 9)).rejects.toThrow('outside of')
    await expect(target.put({ ...launch, planId: '../..' })).rejects.toThrow('outside of')
  },
)

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')
