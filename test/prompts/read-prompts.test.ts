import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { orThrow } from '../../lib/parse/problem.ts'
import { readPrompts, readText } from '../../lib/prompts/read-prompts.ts'
import { refusal } from '../parse/refusal.ts'

const folder = mkdtempSync(join(tmpdir(), 'benchbook-prompts-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string | Uint8Array) {
  writeFileSync(join(folder, name), text)
  return { file: name, path: join(folder, name) }
}
const prompts = async (name: string, text: string) => orThrow(await readPrompts(file(name, text)))
const refused = async (name: string, text: string | Uint8Array) => refusal(await readPrompts(file(name, text)))

describe('prompts', () => {
  test('a YAML list: texts and prompts with an id, together', async () => {
    expect(
      await prompts('a.yaml', '- Hello\n- { id: long, text: "Tell me more" }\n- text: |\n    two\n    lines\n'),
    ).toEqual([
      { id: 'p1', text: 'Hello' },
      { id: 'long', text: 'Tell me more' },
      { id: 'p3', text: 'two\nlines\n' },
    ])
  })

  test('a JSON list', async () => {
    expect(await prompts('a.json', '["a", {"id": "b", "text": "c"}]')).toEqual([
      { id: 'p1', text: 'a' },
      { id: 'b', text: 'c' },
    ])
  })

  test('JSON Lines, blank lines left out', async () => {
    expect(await prompts('a.jsonl', '{"id":"x","text":"a"}\r\n\r\n"b"\n')).toEqual([
      { id: 'x', text: 'a' },
      { id: 'p2', text: 'b' },
    ])
  })

  test('plain text: one prompt per line, as it stands', async () => {
    expect(await prompts('a.txt', '\uFEFFfirst\r\n\n  second: [x]\n')).toEqual([
      { id: 'p1', text: 'first' },
      { id: 'p2', text: '  second: [x]' },
    ])
  })

  test('the same file gives the same prompts', async () => {
    expect(await prompts('b.txt', 'a\nb')).toEqual(await prompts('b.txt', 'a\nb'))
  })
})

describe('refused', () => {
  test.for([
    ['equal.yaml', '- { id: a, text: x }\n- { id: b, text: y }\n- { id: a, text: z }'],
    ['taken.yaml', '- { id: p2, text: x }\n- y'],
    ['unknown.yaml', '- { id: a, txt: x }'],
    ['empty.yaml', '- ""'],
    ['map.yaml', 'a: b'],
    ['none.txt', '\n\n'],
    ['lines.jsonl', '{"text":"a"}\n{"text":\n{"text":5}'],
    ['type.jsonl', '{"text":"a"}\n{"text":5}'],
    ['proto.jsonl', '{"text":"a","__proto__":{"text":"b"}}'],
    ['nul.jsonl', '"a\\u0000b"'],
    ['half.jsonl', '"\\ud800"'],
    ['nul.txt', 'a\nb\0c'],
  ] as const)('%s', async ([name, text]) => {
    expect(await refused(name, text)).toMatchSnapshot()
  })

  test('bytes that are not text', async () => {
    expect(await refused('bytes.txt', Uint8Array.of(0x61, 0xff, 0xfe))).toMatchInlineSnapshot(
      `
      "bytes.txt:1:2: is not UTF-8 text: save it as UTF-8
          a��"
    `,
    )
  })

  test('a file that is not there, a folder, a file too large', async () => {
    mkdirSync(join(folder, 'sub'))
    const large = file('large.txt', '')
    truncateSync(large.path, 20_000_000)
    const all = [{ file: 'no.txt', path: join(folder, 'no.txt') }, { file: 'sub', path: join(folder, 'sub') }, large]
    expect((await Promise.all(all.map(readPrompts))).map(refusal)).toMatchInlineSnapshot(`
      [
        "no.txt: is not there",
        "sub: is a folder, not a file: name a file in it",
        "large.txt: has 20000000 bytes, more than the 16777216 that are read: split it",
      ]
    `)
  })

  test('more prompts than a trial could use', async () => {
    expect(await refused('many.txt', 'a\n'.repeat(10_001))).toMatchInlineSnapshot(`
      "many.txt:1:1: holds more than 10000 prompts: take some of them with limit
          a"
    `)
  })
})

describe('a text to be scored', () => {
  test('is read whole, and named after its file', async () => {
    const text = file('held-out.txt', 'one\n\ntwo\n')
    expect(orThrow(await readText(text))).toEqual({ id: 'held-out.txt', text: 'one\n\ntwo\n' })
  })

  test('must hold something', async () => {
    expect(refusal(await readText(file('blank.txt', ' \n')))).toMatchInlineSnapshot(
      `"blank.txt: is empty: there is no text in it"`,
    )
  })
})
