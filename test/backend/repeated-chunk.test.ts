import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { ChunkReader } from '../../lib/backend/openai-chunks.ts'
import { RepeatedChunk } from '../../lib/backend/repeated-chunk.ts'
import { replayStream } from '../../lib/wire/replay-stream.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'

const read = (data: string): string | undefined => {
  try {
    const value = (JSON.parse(data) as { a?: unknown }).a
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

/** What is known of `next` after `learned`; what is known must be what its JSON says. */
function known(learned: string, next: string): string | undefined {
  const repeated = new RepeatedChunk()
  const text = read(learned)
  if (text === undefined) throw new Error('nothing to learn')
  repeated.learn(learned, text, read)
  const found = repeated.textOf(next)
  const bytes = Buffer.from(`: ${'x'.repeat(7)}data: ${next}\n\n`)
  const inBytes = repeated.textInBytes(bytes, 9, bytes.length)
  if (inBytes !== undefined || /^[ -~]*$/.test(found ?? '')) expect(inBytes).toBe(found)
  if (found !== undefined) expect(read(next)).toBe(found)
  return found
}

test('the text of a chunk is known where all around it repeats', () => {
  expect(known('{"a":"one","b":1}', '{"a":" two ☃","b":1}')).toBe(' two ☃')
})

const unlike: [string, string, string][] = [
  ['other around it', '{"a":"one","b":1}', '{"a":"one","b":2}'],
  ['an escape', '{"a":"one"}', String.raw`{"a":"t\"wo"}`],
  ['an end of the string', '{"a":"one"}', '{"a":"two","a":"three"}'],
  ['a control character', '{"a":"one"}', '{"a":"t\nwo"}'],
  ['no text', '{"a":"one"}', '{"a":""}'],
  ['less than what was learned', '{"a":"one"}', '{"a"}'],
  ['another field that says the same', '{"b":"one","a":"one"}', '{"b":"two","a":"one"}'],
  ['the text as a key', '{"one":1,"a":"one"}', '{"two":1,"a":"one"}'],
  ['the text only elsewhere', String.raw`{"b":"one","a":"\u006fne"}`, String.raw`{"b":"two","a":"\u006fne"}`],
  ['a field that comes again', '{"a":"one","a":"two"}', '{"a":"three","a":"two"}'],
]
test.each(unlike)('JSON is read where a chunk has %s', (_, learned, next) => {
  expect(known(learned, next)).toBeUndefined()
})

test('what never repeats is not learned for ever', () => {
  const repeated = new RepeatedChunk()
  let asked = 0
  for (let n = 0; n < 100; n += 1) {
    const data = `{"a":"one","n":${n}}`
    expect(repeated.textOf(data)).toBeUndefined()
    repeated.learn(data, 'one', (text) => {
      asked += 1
      return read(text)
    })
  }
  expect(asked).toBe(3)
})

test('a reader that has learned says of every recorded stream what readers say that have not', () => {
  const folder = join(import.meta.dirname, '../../data/streams')
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.http'))) {
    const bytes = readFileSync(join(folder, name))
    const all: string[] = []
    const stream = { deltasUs: [1], lengths: [bytes.length], bytes: deflateRawSync(bytes).toString('base64') }
    replayStream(stream, (data) => all.push(data))
    const random = randomSequence(3)
    const mixed = [...all, ...Array.from({ length: 200 }, () => all[Math.floor(random() * all.length)] ?? '')]
    const content = mixed.filter((data) => data !== '[DONE]' && data !== '')
    const learned = new ChunkReader(16)
    for (const [i, data] of content.entries()) learned.take(data, i, i)
    const each = content.map((data) => {
      const reader = new ChunkReader(16)
      reader.take(data, 0, 0)
      return reader.result(0)
    })
    const { output, answer, events } = learned.result(0)
    expect([name, output, answer]).toEqual([
      name,
      each.map((one) => one.output).join(''),
      each.map((one) => one.answer).join(''),
    ])
    expect(events?.deltasUs.length ?? 0).toBe(each.filter((one) => one.events).length)
  }
})
