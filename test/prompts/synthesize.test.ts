import { expect, test } from 'vitest'
import type { Tokenizer } from '../../lib/domain/tokenizer.ts'
import { orThrow } from '../../lib/parse/problem.ts'
import { synthesize, type SyntheticRecipe } from '../../lib/prompts/synthesize.ts'
import { readTokenizer, wordTokenizer } from '../../lib/prompts/tokenizer.ts'

const demo = orThrow(await readTokenizer({ file: 'demo', path: 'data/models/demo/hf/tokenizer.json' })).tokenizer
/** As crude as can be: a token is three characters, wherever words begin. */
const characters: Tokenizer = { count: (text) => Math.ceil(text.length / 3) }

function made(recipe: SyntheticRecipe, tokenizer?: Tokenizer) {
  const result = synthesize(recipe, tokenizer)
  if (result.status === 'failed') throw new Error(result.message)
  return result.value
}
const of = (synthetic: object) => ({ synthetic: { count: 100, seed: 42, tokens: 20, ...synthetic } })

test.each([
  ['words', wordTokenizer],
  ['a tokenizer.json', demo],
  ['a tokenizer whose tokens go across words', characters],
])('%s: prompts have exactly the length that is stated', (_, tokenizer) => {
  for (const tokens of [3, 17, 64, 512])
    expect(new Set(made(of({ tokens, count: 50 }), tokenizer).map(({ text }) => tokenizer.count(text)))).toEqual(
      new Set([tokens]),
    )
})

test('prompts are words, numbered, and the same for one seed', () => {
  const prompts = made(of({ tokens: 6, count: 2, outputTokens: 9 }))
  expect(prompts).toMatchInlineSnapshot(`
    [
      {
        "id": "s1",
        "maxTokens": 9,
        "text": "trouble lock tail reform custom nephew",
      },
      {
        "id": "s2",
        "maxTokens": 9,
        "text": "page festival pride thank material exchange",
      },
    ]
  `)
  expect(made(of({ tokens: 6, count: 2, outputTokens: 9 }))).toEqual(prompts)
  expect(made(of({ tokens: 6, count: 2, outputTokens: 9, seed: 43 }))).not.toEqual(prompts)
})

test('no two prompts begin with the same word', () => {
  const beginnings = made(of({ count: 1000 })).map(({ text }) => text.split(' ')[0])
  expect(new Set(beginnings).size).toBe(1000)
})

test('of more prompts than there are words no two begin with the same two', () => {
  const beginnings = made(of({ count: 10_000, tokens: 3 })).map(({ text }) => text.split(' ').slice(0, 2).join(' '))
  expect(new Set(beginnings).size).toBe(10_000)
})

test('a range has lengths all over it, and no others', () => {
  const lengths = made(of({ count: 500, tokens: { min: 5, max: 9 }, outputTokens: { min: 1, max: 3 } }))
  expect(new Set(lengths.map(({ text }) => wordTokenizer.count(text)))).toEqual(new Set([5, 6, 7, 8, 9]))
  expect(new Set(lengths.map(({ maxTokens }) => maxTokens))).toEqual(new Set([1, 2, 3]))
})

test('a mix has its parts by their shares, one among the other', () => {
  const mix = [
    { tokens: 8, outputTokens: 32, share: 3 },
    { tokens: 40, outputTokens: 256, share: 1 },
    { tokens: 4, share: 0.05 },
  ]
  const prompts = made({ mix, count: 100, seed: 42 })
  const long = (tokens: number) => prompts.filter(({ text }) => wordTokenizer.count(text) === tokens)
  expect([long(8).length, long(40).length, long(4).length]).toEqual([74, 25, 1])
  expect(new Set(long(40).map(({ maxTokens }) => maxTokens))).toEqual(new Set([256]))
  expect(long(4)[0]).not.toHaveProperty('maxTokens')
  expect(prompts.map(({ id }) => id)).toEqual(prompts.map((_, at) => `s${at + 1}`))
  const places = [...prompts.keys()].filter((at) => prompts[at]?.maxTokens === 256)
  expect([Math.min(...places) < 20, Math.max(...places) > 80]).toEqual([true, true])
})

test('what cannot be made is told', () => {
  expect(synthesize(of({ tokens: 1, count: 2000 }))).toMatchInlineSnapshot(`
    {
      "message": "no 2000 different texts of exactly 1 token can be made of ordinary words with this tokenizer: take fewer or longer ones",
      "status": "failed",
    }
  `)
  const doubled: Tokenizer = { count: (text) => 2 * wordTokenizer.count(text) }
  expect(synthesize(of({ tokens: 7 }), doubled)).toMatchInlineSnapshot(`
    {
      "message": "no 100 different texts of exactly 7 tokens can be made of ordinary words with this tokenizer: take fewer or longer ones",
      "status": "failed",
    }
  `)
})
