import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Cell } from '../../lib/domain/cell.ts'
import { checkTokenizer, namedFiles } from '../../lib/lab/named-files.ts'
import { openAiLaunch } from '../backend/wire-launch.ts'

const lab = { root: '/lab', packageRoot: '/package' } as Parameters<typeof namedFiles>[1]
const cellWith = (caFile?: string) =>
  ({ config: { backend: openAiLaunch('https://x', caFile === undefined ? {} : { caFile }).backend } }) as Cell

test('the certificates of a server lie in the lab, or wherever an absolute path leads', async () => {
  expect(await namedFiles(cellWith('data/ca.pem'), lab)).toEqual({ 'data/ca.pem': '/lab/data/ca.pem' })
  expect(await namedFiles(cellWith('/etc/ca.pem'), lab)).toEqual({ '/etc/ca.pem': '/etc/ca.pem' })
  expect(await namedFiles(cellWith(), lab)).toEqual({})
})

const demo = 'data/models/demo/hf/tokenizer.json'
const checkout = { root: process.cwd(), packageRoot: process.cwd() } as typeof lab
const counting = (tokenizer: string, tokenizerDigest?: string) =>
  ({ config: { backend: { ...cellWith().config.backend, tokenizer, tokenizerDigest } } }) as Cell

test('so does a tokenizer; words need no file', async () => {
  expect(await namedFiles(counting(demo), checkout)).toEqual({ [demo]: `${process.cwd()}/${demo}` })
  expect(await namedFiles(counting('words'), checkout)).toEqual({})
})

test('a tokenizer that is not the one of the plan is refused', async () => {
  const digest = createHash('sha256').update(readFileSync(demo)).digest('hex')
  await checkTokenizer(counting(demo, digest), checkout)
  await checkTokenizer(counting('words'), checkout)
  await expect(checkTokenizer(counting(demo, 'other'), checkout)).rejects.toThrowErrorMatchingInlineSnapshot(
    `[UserError: data/models/demo/hf/tokenizer.json is not the tokenizer that the plan was made with: put that back, or plan again]`,
  )
  await expect(checkTokenizer(counting('no.json', digest), checkout)).rejects.toThrowErrorMatchingInlineSnapshot(
    `[UserError: no.json: is not there]`,
  )
})
