import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { EmulatedServer } from '../../lib/emulator/emulated-server.ts'
import { readTruth } from '../../lib/emulator/emulated-truth.ts'
import type { EmulatedRequest, Emulation } from '../../lib/domain/emulation.ts'
import { evenly } from './emulation.ts'
import { exchange, hello, isWhole, pieces, requestBytes } from '../wire/raw-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'benchbook-truth-'))
const truthFile = join(folder, 'truth.ndjson')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const fast: Emulation = { ...evenly, firstTokenMs: 2, tokenMs: 1, jitter: 0.2 }
const usage = { stream_options: { include_usage: true } }

test('the truth is what a client reads: text, tokens, usage, bytes, and times on the same clock', async () => {
  const before = Number(process.hrtime.bigint())
  const server = await EmulatedServer.start({ emulation: { ...fast, cached: 0.5 }, models: ['emulated'], truthFile })
  const request = requestBytes({ ...hello, ...usage, max_tokens: 20 }, { headers: { 'X-Request-Id': 'mine' } })
  const { bytes } = await exchange(server.url, request, isWhole)
  const after = Number(process.hrtime.bigint())
  await server[Symbol.asyncDispose]()
  const [truth, ...others] = (await readTruth(truthFile)) as [EmulatedRequest]
  expect(others).toEqual([])
  const chunks = pieces(bytes).slice(0, -1)
  const read = chunks.map((piece) => JSON.parse(piece.slice('data: '.length)) as Chunk)
  expect(read.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(truth.text)
  expect(read.at(-1)?.usage).toEqual({
    prompt_tokens: truth.promptTokens,
    completion_tokens: truth.tokens,
    total_tokens: 22,
    prompt_tokens_details: { cached_tokens: truth.cachedTokens },
  })
  expect(truth).toMatchObject({ number: 0, asked: 'mine', promptTokens: 2, cachedTokens: 1, tokens: 20, end: 'whole' })
  const { atNs, dueNs, bytes: lengths, tokens } = truth.writes
  expect(lengths.reduce((sum, each) => sum + each)).toBe(bytes.length)
  expect(tokens).toEqual([0, 0, ...Array.from({ length: 20 }, () => 1), 0, 0, 0])
  expect(atNs).toEqual(atNs.toSorted((a, b) => a - b))
  expect(atNs.every((ns, at) => ns >= (dueNs[at] as number))).toBe(true)
  expect(truth.arrivalNs).toBeGreaterThan(before)
  expect(truth.arrivalNs + (atNs.at(-1) as number)).toBeLessThan(after)
})

type Chunk = { choices: { delta: { content?: string } }[]; usage?: object }

const hasToken = (bytes: string) => bytes.includes('"content":" ')

/** The texts and due times of three requests. */
async function scheduleOf(together: boolean) {
  const server = await EmulatedServer.start({ emulation: fast, models: ['emulated'], truthFile })
  const ask = () => exchange(server.url, requestBytes({ ...hello, max_tokens: 12 }), isWhole)
  if (together) await Promise.all([ask(), ask(), ask()])
  else for (let request = 0; request < 3; request += 1) await ask()
  await server[Symbol.asyncDispose]()
  const truth = (await readTruth(truthFile)).toSorted((a, b) => a.number - b.number)
  return truth.map(({ text, writes }) => ({ text, dueNs: writes.dueNs.slice(2) }))
}

test('a request has the same text and the same schedule whatever comes beside it', async () => {
  const alone = await scheduleOf(false)
  const together = await scheduleOf(true)
  expect(together.map(({ text }) => text)).toEqual(alone.map(({ text }) => text))
  expect(new Set(alone.map(({ text }) => text)).size).toBe(3)
  // The times of a day in nanoseconds have no room for fractions: sums of them round.
  for (const [at, { dueNs }] of together.entries())
    for (const [write, ns] of dueNs.entries()) expect(Math.abs(ns - (alone[at]?.dueNs[write] ?? 0))).toBeLessThan(1000)
})

test('a client that leaves and a server that stops are told from a whole response', async () => {
  const server = await EmulatedServer.start({
    emulation: { ...fast, tokenMs: 1e6 },
    models: ['emulated'],
    truthFile,
  })
  await exchange(server.url, requestBytes(hello), hasToken)
  const { promise: started, resolve: seen } = Promise.withResolvers<void>()
  const second = exchange(server.url, requestBytes(hello), (bytes) => {
    if (hasToken(bytes)) seen()
    return false
  })
  await started
  await server[Symbol.asyncDispose]()
  await second
  expect((await readTruth(truthFile)).map(({ number, end, tokens }) => [number, end, tokens])).toEqual([
    [0, 'client-left', 1],
    [1, 'stopped', 1],
  ])
})

test('the latest requests can be asked for while it runs', async () => {
  await using server = await EmulatedServer.start({ emulation: fast, models: ['emulated'] })
  await exchange(server.url, requestBytes(hello), isWhole)
  const lines = await (await fetch(`${server.url}/emulator/truth`)).text()
  expect(
    lines
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as EmulatedRequest).tokens),
  ).toEqual([4])
})

test('a file that cannot be written is refused before anything listens', async () => {
  const path = join(folder, 'nowhere', 'truth.ndjson')
  const started = EmulatedServer.start({ emulation: fast, models: ['emulated'], truthFile: path })
  const message = await started.catch((error: Error) => error.message.replace(path, 'PATH'))
  expect(message).toMatchInlineSnapshot(
    `"the truth cannot be written to "PATH" (ENOENT): name a file that can be written"`,
  )
})
