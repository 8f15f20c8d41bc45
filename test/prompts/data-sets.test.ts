import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { orThrow } from '../../lib/parse/problem.ts'
import type { DataSetOptions } from '../../lib/prompts/data-set-item.ts'
import { readPrompts } from '../../lib/prompts/read-prompts.ts'
import { refusal } from '../parse/refusal.ts'

const folder = mkdtempSync(join(tmpdir(), 'benchbook-data-sets-'))
afterAll(() => rmSync(folder, { recursive: true }))

function write(lines: readonly unknown[], name = 'data.jsonl') {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
  writeFileSync(join(folder, name), `${text}\n`)
  return { file: name, path: join(folder, name) }
}
const prompts = async (lines: readonly unknown[], how: DataSetOptions = {}) =>
  orThrow(await readPrompts({ ...write(lines), ...how }))
const refused = async (lines: readonly unknown[], how: DataSetOptions = {}) =>
  refusal(await readPrompts({ ...write(lines), ...how }))

const shareGpt = {
  id: 'QWJhYvA_0',
  conversations: [
    { from: 'system', value: 'Be kind.' },
    { from: 'human', value: 'Hello' },
    { from: 'gpt', value: 'Hi' },
    { from: 'human', value: 'And?' },
    { from: 'gpt', value: 'No.' },
  ],
}
const messages = [
  { role: 'user', content: 'What is this?' },
  { role: 'assistant', content: 'A text.' },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'And' },
      { type: 'text', text: 'this?' },
    ],
  },
]

test('the well-known shapes are recognised', async () => {
  const lines = [
    shareGpt,
    { messages },
    { prompt: 'A', completion: 'B' },
    { question: 'C?', answer: 'D' },
    { instruction: 'Translate.', input: 'Haus', output: 'house' },
    { instruction: 'Sing.', input: '', output: 'la' },
    { id: 'own', text: 'Ours', maxTokens: 3 },
  ]
  expect(await prompts(lines)).toEqual([
    { id: 'p1', text: 'Hello', followUps: ['And?'] },
    { id: 'p2', text: 'What is this?', followUps: ['And\nthis?'] },
    { id: 'p3', text: 'A' },
    { id: 'p4', text: 'C?' },
    { id: 'p5', text: 'Translate.\n\nHaus' },
    { id: 'p6', text: 'Sing.' },
    { id: 'own', text: 'Ours', maxTokens: 3 },
  ])
})

test('a field that is named holds a text, or turns', async () => {
  const lines = [
    { key: 7, query: 'A', turns: ['B', 'C'], length: 9 },
    { key: 'x', query: 'D', turns: [], length: 8 },
    { key: 'y', query: 'E', turns: ['F'], length: 7 },
  ]
  expect(await prompts(lines, { field: 'query', idField: 'key', maxTokensField: 'length' })).toEqual([
    { id: '7', text: 'A', maxTokens: 9 },
    { id: 'x', text: 'D', maxTokens: 8 },
    { id: 'y', text: 'E', maxTokens: 7 },
  ])
  expect(await prompts(lines, { field: 'turns' })).toEqual([
    { id: 'p1', text: 'B', followUps: ['C'] },
    { id: 'p2', text: 'F' },
  ])
})

test('other fields beside text are a mistake, unless it is said that this is a data set', async () => {
  const lines = [{ text: 'A', label: 1 }]
  expect(await refused(lines)).toMatchInlineSnapshot(`
    "data.jsonl:1:1: unknown key "label"; known here: id, text, maxTokens, then, expected
        {"text":"A","label":1}"
  `)
  expect(await prompts(lines, { limit: 5 })).toEqual([{ id: 'p1', text: 'A' }])
})

test('two prompts with one id are told by their numbers', async () => {
  expect(await refused([{ id: 'a', text: 'A' }, 'B', { id: 'a', text: 'C' }].map((line) => JSON.stringify(line))))
    .toMatchInlineSnapshot(`
    "data.jsonl:3:1: prompt 3 has the id "a", as prompt 1 has: give it another
        {"id":"a","text":"C"}"
  `)
})

test('no line after those that are wanted is looked at, in a list neither', async () => {
  expect(await prompts([{ prompt: 'A' }, 'no JSON at all'], { limit: 1 })).toEqual([{ id: 'p1', text: 'A' }])
  const list = { file: 'list.json', path: join(folder, 'list.json') }
  writeFileSync(list.path, '[{ "prompt": "A" }, { "txt": 1 }]')
  expect(orThrow(await readPrompts({ ...list, limit: 1 }))).toEqual([{ id: 'p1', text: 'A' }])
  expect(await refused([{ prompt: 'A' }, { prompt: 'B' }], { limit: 1, field: 'question' })).toMatchInlineSnapshot(`
    "data.jsonl:1:1: has no field "question"; it has "prompt"
        {"prompt":"A"}"
  `)
})

test('of a conversation no more turns than are wanted', async () => {
  // oxlint-disable-next-line unicorn/no-thenable -- the key in the file
  const own = { text: 'A', then: ['B', 'C'] }
  expect(await prompts([shareGpt, own], { turns: 1 })).toEqual([
    { id: 'p1', text: 'Hello' },
    { id: 'p2', text: 'A' },
  ])
  expect(await prompts([own], { turns: 2 })).toEqual([{ id: 'p1', text: 'A', followUps: ['B'] }])
})

test('a conversation in which the user says nothing is left out, and does not count', async () => {
  const silent = { conversations: [{ from: 'gpt', value: 'Hi' }] }
  expect(await prompts([silent, { prompt: 'A' }, { prompt: 'B' }], { limit: 1 })).toEqual([{ id: 'p1', text: 'A' }])
})

test('a file that no memory would hold is read as far as is needed', async () => {
  const data = write([{ prompt: 'A' }, { prompt: 'B' }, 'no JSON'])
  truncateSync(data.path, 2 ** 36)
  expect(orThrow(await readPrompts({ ...data, limit: 2 }))).toHaveLength(2)
  rmSync(data.path)
})

test('lists in YAML, and lines of text, have a limit as well', async () => {
  const yaml = write(['- { prompt: A, n: 1 }', '- B', '- C'], 'data.yaml')
  expect(orThrow(await readPrompts({ ...yaml, limit: 2 })).map(({ text }) => text)).toEqual(['A', 'B'])
  expect(orThrow(await readPrompts({ ...write(['A', 'B'], 'data.txt'), limit: 1 }))).toEqual([{ id: 'p1', text: 'A' }])
})

test('lines that are wrong are told with their place', async () => {
  const lines = [
    { prompt: 'fine' },
    '{"prompt": "half',
    { prompt: 5 },
    { prompt: '' },
    { prompt: 'a\0b' },
    { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: 'x' }] }] },
    { messages: [5] },
    { conversations: 'none' },
    5,
    '[]',
    { __proto__: null, nothing: 1 },
  ]
  expect(await refused(lines)).toMatchSnapshot()
  expect(await refused([{ prompt: '' }, { prompt: 'a\0b' }, 5, '["a"]', { nothing: 1 }])).toMatchSnapshot()
})

test('fields that are not there are told, and equal ids', async () => {
  const how = { field: 'q', idField: 'n', maxTokensField: 'm' }
  const lines = [{ q: 'A', n: 1, m: 2 }, { p: 'B' }, { q: 'C' }, { q: 'D', n: 1 }, 'null', '"text"']
  expect(await refused(lines, how)).toMatchSnapshot()
  expect(await refused([lines[0], { q: 'E', n: 1, m: 0.5 }], how)).toMatchSnapshot()
  expect(await refused([lines[0], lines[0]], how)).toMatchSnapshot()
})

test('a line without an end, and a file of other bytes', async () => {
  const endless = write(['x'])
  truncateSync(endless.path, 20_000_000)
  expect(refusal(await readPrompts({ ...endless, limit: 1 }))).toMatchInlineSnapshot(`
    "data.jsonl:1:1: is not one JSON value in one line
        x
    data.jsonl:2:1: is longer than 16777216 bytes: split it"
  `)
  writeFileSync(endless.path, Uint8Array.of(0x22, 0xff, 0x22, 0x0a))
  expect(refusal(await readPrompts({ ...endless, limit: 1 }))).toMatchInlineSnapshot(`
    "data.jsonl:1:2: is not UTF-8 text: save it as UTF-8
        "�""
  `)
  expect(refusal(await readPrompts({ file: 'no.jsonl', path: join(folder, 'no.jsonl') }))).toMatchInlineSnapshot(
    `"no.jsonl: is not there"`,
  )
})
