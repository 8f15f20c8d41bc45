import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { expand, refused as refusedIn } from './fixture.ts'

const lab = mkdtempSync(join(tmpdir(), 'benchbook-made-prompts-'))
afterAll(() => rmSync(lab, { recursive: true }))
writeFileSync(join(lab, 'tokenizer.json'), readFileSync('data/models/demo/hf/tokenizer.json'))
writeFileSync(join(lab, 'broken.json'), '{}')

const folders = { labRoot: lab, packageRoot: lab }
const asking = (prompts: string, rest = '') =>
  `name: x\naxes: { model: [sole] }\nworkload:\n  kind: completion\n  prompts: ${prompts}\n${rest}`
const refused = async (text: string) => (await refusedIn(text, { folders })).replaceAll(lab, 'LAB')
const promptsOf = async (text: string) =>
  (await expand(text, { folders })).cells.map(({ config }) =>
    'prompts' in config.workload ? config.workload.prompts : [],
  )

test('prompts of a stated length stand in the plan as texts', async () => {
  const [prompts = []] = await promptsOf(asking('{ synthetic: { count: 3, tokens: 4, outputTokens: 5 } }'))
  expect(prompts.map(({ id, text, maxTokens }) => [id, text.split(' ').length, maxTokens])).toEqual([
    ['s1', 4, 5],
    ['s2', 4, 5],
    ['s3', 4, 5],
  ])
})

test('their length can be an axis', async () => {
  const text = asking('{ synthetic: { count: 1, tokens: 4 } }').replace(
    '[sole]',
    '[sole], workload.prompts.synthetic.tokens: [8, 16]',
  )
  expect((await promptsOf(text)).map(([prompt]) => prompt?.text.split(' ').length)).toEqual([8, 16])
})

test('a mix, counted by a tokenizer of the lab', async () => {
  const mix = '{ mix: [{ tokens: 12 }, { tokens: { min: 3, max: 5 }, share: 2 }], count: 3, tokenizer: tokenizer.json }'
  const [prompts = []] = await promptsOf(asking(mix))
  expect(prompts).toHaveLength(3)
  expect(Math.max(...prompts.map(({ text }) => text.split(' ').length))).toBeLessThan(12)
})

test.each([
  ['no form', '{ synthetics: { tokens: 4 } }'],
  ['two forms', '{ file: a.txt, mix: [{ tokens: 5 }] }'],
  ['no length', '{ synthetic: { count: 4 } }'],
  ['a range that is none', '{ mix: [{ tokens: { min: 5, max: 3 } }] }'],
  ['more than can differ', '{ synthetic: { count: 9000, tokens: 1 } }'],
  ['a tokenizer that is not there', '{ synthetic: { tokens: 4, tokenizer: no.json } }'],
  ['a file that is no tokenizer', '{ mix: [{ tokens: 4 }], tokenizer: broken.json }'],
  ['an output that no context holds', '{ synthetic: { tokens: 4, outputTokens: { min: 1, max: 4000 } } }'],
])('refused: %s', async (_, prompts) => {
  expect(await refused(asking(prompts))).toMatchSnapshot()
})

const served = (backend: string) =>
  `name: x\naxes: { model: [mine] }\nmodels: { mine: { artifacts: { none: { served: m } } } }\nbackends: { there: { kind: openai, url: "http://localhost:1", ${backend} } }\nworkload: { kind: chat, prompts: [Hello] }\n`

test('files that a backend names must be there', async () => {
  expect(await refused(served('tokenizer: no.json, caFile: ../../ca.pem'))).toMatchSnapshot()
  expect(await refused(served('tokenizer: broken.json, caFile: ca.pem'))).toMatchSnapshot()
})

const idOf = async (backend: string) => (await expand(served(backend), { folders })).cells[0]?.id

test('the content of the tokenizer that counts outputs is part of the identity, where that is a file', async () => {
  const before = await idOf('tokenizer: tokenizer.json')
  expect(await idOf('tokenizer: words')).not.toBe(before)
  writeFileSync(join(lab, 'tokenizer.json'), `${readFileSync('data/models/demo/hf/tokenizer.json', 'utf8')}\n`)
  expect(await idOf('tokenizer: tokenizer.json')).not.toBe(before)
})
