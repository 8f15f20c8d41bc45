import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { EmulatedServer } from '../../lib/emulator/emulated-server.ts'
import { readRecording } from '../../lib/emulator/read-recording.ts'
import { recordedText } from '../../lib/backend/recorded-text.ts'
import type { EmulatedRequest } from '../../lib/domain/emulation.ts'
import { evenly } from './emulation.ts'
import { exchange, hello, requestBytes } from '../wire/raw-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'benchbook-replay-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const vllm = readFileSync('data/streams/vllm-chat.http')

/** A file as a client records it: reads with their times. */
function recordingOf(cuts: readonly number[], bytes = vllm): string {
  const lengths = [...cuts, bytes.length].map((end, read) => end - (cuts[read - 1] ?? 0))
  const stream = { deltasUs: lengths.map(() => 1500), lengths, bytes: deflateRawSync(bytes).toString('base64') }
  const path = join(folder, 'stream.json')
  writeFileSync(path, JSON.stringify(stream))
  return path
}

async function replayed(path: string, speed = 1) {
  const replay = { recording: readRecording(path), speed }
  await using server = await EmulatedServer.start({ emulation: evenly, models: ['emulated'], replay })
  const answered = await exchange(server.url, requestBytes(hello), (bytes) => bytes.length === vllm.length)
  const truth = JSON.parse(await (await fetch(`${server.url}/emulator/truth`)).text()) as EmulatedRequest
  return { ...answered, writes: truth.writes }
}

test('a recorded stream comes again byte for byte, each read a write, at its own pace', async () => {
  const path = recordingOf([100, 700, 701])
  const { bytes, ended, writes } = await replayed(path)
  expect(Buffer.from(bytes, 'latin1').equals(vllm)).toBe(true)
  expect([ended, writes.bytes]).toEqual(['open', [100, 600, 1, vllm.length - 701]])
  expect(writes.dueNs).toEqual([1_500_000, 3_000_000, 4_500_000, 6_000_000])
  expect((await replayed(path, 3)).writes.dueNs).toEqual([500_000, 1_000_000, 1_500_000, 2_000_000])
})

test('what broke off breaks off again: in order where it ended so, else by a reset', async () => {
  const part = vllm.subarray(0, 900)
  expect((await replayed(recordingOf([300], part))).ended).toBe('RST')
  expect((await replayed(recordingOf([300, 900], part))).ended).toBe('FIN')
})

test('what a recording says can be read with its times', () => {
  const said = recordedText(readRecording(recordingOf([1000, 1500])))
  expect(said.map(({ text }) => text).join('')).toBe('The ferry leaves at nine, and the last one back at dusk.')
  expect([said[0]?.atUs, said.at(-1)?.atUs]).toEqual([1500, 4500])
})
