import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../lib/domain/canonical-json.ts'
import { expand } from './fixture.ts'

const base = `
name: x
axes: { model: [m], workload: [w] }
models: { m: { artifacts: { f16: { path: m.gguf } } } }
workloads: { w: { kind: completion, prompts: [Hello], sampling: { seed: 1 } } }
`
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const idOf = async (text: string, given?: Parameters<typeof expand>[1]) => (await expand(text, given)).cells[0]?.id

describe('a cell keeps its id', () => {
  test.for([
    ['another title, question and name', base.replace('name: x', 'name: y\ntitle: T\nquestion: Q?')],
    ['comments and another order', `# hello\n${base.split('\n').toReversed().join('\n')}`],
    ['defaults written out', base.replace('seed: 1', 'seed: 1, temperature: 0, topK: 40')],
    ['other limits', `${base}limits: { trial: 5s }`],
    ['more blocks', `${base}repeat: { blocks: 3 }`],
    [
      'an axis of one value in place of a setting',
      base.replace('workload: [w]', 'workload: [w], backend.threads: [1]'),
    ],
  ] as const)('with %s', async ([, text]) => {
    expect(await idOf(text)).toBe(await idOf(base))
  })

  test('wherever the file is, as long as its digest is the same', async () => {
    const elsewhere = {
      artifact: async () => ({ digest: 'digest of m.gguf', path: '/another/machine/n.gguf', bytes: 5 }),
    }
    expect(await idOf(base.replace('path: m.gguf', 'path: models/n.gguf'), elsewhere)).toBe(await idOf(base))
  })
})

describe('a cell gets another id', () => {
  test.for([
    ['another prompt', base.replace('Hello', 'Hallo')],
    ['another prompt id', base.replace('[Hello]', '[{ id: a, text: Hello }]')],
    ['another seed', base.replace('seed: 1', 'seed: 2')],
    ['another load', `${base}load: { requests: 3 }`],
    ['another warm-up', `${base}repeat: { warmup: { requests: 0 } }`],
    ['another setting of the engine', `${base}overrides: [{ set: { backend.mmap: false } }]`],
    ['another kind of output', base.replace('kind: completion', 'kind: completion, output: natural')],
  ] as const)('with %s', async ([, text]) => {
    expect(await idOf(text)).not.toBe(await idOf(base))
  })

  test('with another artifact', async () => {
    expect(await idOf(base, { artifact: async () => ({ digest: 'another', path: '/somewhere/m.gguf' }) })).not.toBe(
      await idOf(base),
    )
  })
})

test('an id is what anyone computes: SHA-256 of canonical JSON, texts and artifact by digest', async () => {
  const { cells } = await expand(base)
  const { config, artifact, id } = cells[0] ?? expect.unreachable()
  const prompts = sha256('[{"id":"p1","text":"Hello"}]')
  expect(
    sha256(canonicalJson({ ...config, artifact: artifact.digest, workload: { ...config.workload, prompts } })),
  ).toBe(id)
})

test('ids stay: a change of this one orphans what stores hold', async () => {
  expect(await idOf(base)).toMatchInlineSnapshot(`"7e8655891e2641001d9b8e5f3a44a324a6112872de6d6aee2f8acd98c008b43e"`)
})

test('canonical JSON sorts keys at every depth and leaves out what is undefined', () => {
  expect(canonicalJson({ b: [{ d: 1, c: null }], a: undefined, A: 'ä"' })).toBe('{"A":"ä\\"","b":[{"c":null,"d":1}]}')
})
