import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterAll, expect, test } from 'vitest'
import { readTruth } from '../../lib/emulator/emulated-truth.ts'

const folder = mkdtempSync(join(tmpdir(), 'benchbook-emulate-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** `benchbook emulate` as a user starts it, with one request under way. */
async function serving(truthFile: string) {
  const args = ['lib/cli/launch.mjs', 'emulate', '--truth', truthFile, '--set', 'tokenMs=60000']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const exited = once(child, 'exit')
  const url = (await firstOf(child)).trim()
  const body = JSON.stringify({ model: 'emulated', stream: true, prompt: 'a' })
  const response = await fetch(`${url}/v1/completions`, { method: 'POST', body })
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  await reader.read()
  return { child, exited, url, rest: reader.read().catch(() => 'cut') }
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 0],
] as const)('%s ends a server with a request under way: exit code %i, and its truth is whole', async (signal, code) => {
  const truthFile = join(folder, `${signal}.ndjson`)
  const { child, exited, url, rest } = await serving(truthFile)
  child.kill(signal)
  expect(await exited).toEqual([code, null])
  expect(await rest).toBe('cut')
  expect((await readTruth(truthFile)).map(({ end, tokens }) => [end, tokens])).toEqual([['stopped', 1]])
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

test('an emulated server ends with the process that started it, also where that was killed', async () => {
  const script = `
    import { startEmulator } from './lib/emulator/start-emulator.ts'
    import { evenly } from './test/emulator/emulation.ts'
    const { url, pid } = await startEmulator(evenly, { models: ['emulated'] })
    console.log(JSON.stringify({ url, pid }))
    setInterval(() => {}, 1000)`
  const args = ['--input-type=module-typescript', '--eval', script]
  const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const line = await firstOf(parent)
  const { pid } = JSON.parse(line) as { pid: number }
  expect(process.kill(pid, 0)).toBe(true)
  const closed = once(parent.stdout, 'close')
  parent.kill('SIGKILL')
  await closed
  await expect.poll(() => isThere(pid), { timeout: 10_000 }).toBe(false)
})

/** What a process says first; one that ends in silence is a failure, not a long wait. */
async function firstOf(child: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  const silent = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`it ended in silence: exit code ${code}`)),
  )
  const [said] = (await Promise.race([once(child.stdout, 'data'), silent])) as [Buffer]
  return said.toString()
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
