import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { orThrow } from '../../lib/parse/problem.ts'
import { readTokenizer, wordTokenizer } from '../../lib/prompts/tokenizer.ts'
import { refusal } from '../parse/refusal.ts'

const folder = mkdtempSync(join(tmpdir(), 'benchbook-tokenizer-'))
afterAll(() => rmSync(folder, { recursive: true }))

const demo = { file: 'tokenizer.json', path: 'data/models/demo/hf/tokenizer.json' }
async function refused(content: unknown) {
  const path = join(folder, 'tokenizer.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return refusal(await readTokenizer({ file: 't.json', path }))
}

test('words are what stands between white space', () => {
  const texts = ['', ' ', 'one', ' two  words\n', "don't\tsplit-this", '日本 語']
  expect(texts.map(wordTokenizer.count)).toEqual([0, 0, 1, 2, 2, 2])
})

test('a tokenizer.json counts as the tokenizers of Hugging Face do, without special tokens', async () => {
  const { tokenizer } = orThrow(await readTokenizer(demo))
  // Counted with tokenizers 0.23.3 (Python).
  const known = JSON.parse(readFileSync('test/prompts/token-counts.json', 'utf8')) as [string, number][]
  expect(known.map(([text]) => [text, tokenizer.count(text)])).toEqual(known)
})

test('its digest is that of its content', async () => {
  const { digest } = orThrow(await readTokenizer(demo))
  const path = join(folder, 'copy.json')
  writeFileSync(path, readFileSync(demo.path))
  expect(orThrow(await readTokenizer({ file: 'copy.json', path })).digest).toBe(digest)
  writeFileSync(path, `${readFileSync(demo.path, 'utf8')}\n`)
  expect(orThrow(await readTokenizer({ file: 'copy.json', path })).digest).not.toBe(digest)
})

test('what is no tokenizer is told in one line', async () => {
  expect(await refused('no json')).toMatchInlineSnapshot(
    `"t.json: is no tokenizer.json that can be used (Unexpected token 'o', "no json" is not valid JSON): name one as Hugging Face's tokenizers write it"`,
  )
  expect(await refused('null')).toMatchInlineSnapshot(
    `"t.json: is no tokenizer.json that can be used (Tokenizer must be a valid object): name one as Hugging Face's tokenizers write it"`,
  )
  expect(await refused({})).toMatchInlineSnapshot(
    `"t.json: is no tokenizer.json that can be used (Tokenizer must contain a "model" property): name one as Hugging Face's tokenizers write it"`,
  )
  expect(await refused({ model: { type: 'Magic', vocab: {} } })).toMatchInlineSnapshot(
    `"t.json: is no tokenizer.json that can be used (Tokenizer must contain a "decoder" property): name one as Hugging Face's tokenizers write it"`,
  )
  expect(refusal(await readTokenizer({ file: 'no.json', path: join(folder, 'no.json') }))).toMatchInlineSnapshot(
    `"no.json: is not there"`,
  )
})
