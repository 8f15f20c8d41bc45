import { describe, expect, test } from 'vitest'
import { anyArtifact, expand } from './fixture.ts'
import { embedded } from '../embedded.ts'

const axesOf = async (text: string, sets: readonly string[] = []) => {
  const { cells } = await expand(text, { sets })
  return cells.map(({ axes }) => Object.values(axes).map(String).join(' '))
}

type Levels = { file?: string; lab?: string; axis?: string; override?: string; sets?: string[] }
const threads = async ({ file = '', lab = '', axis = '', override = '', sets = [] }: Levels) => {
  const text = `name: x\naxes: { model: [sole], workload: [write]${axis} }\n${file}\n${override}`
  const { cells } = await expand(text, { ...(lab !== '' && { lab }), sets })
  return cells[0] && embedded(cells[0].config).threads
}
const upTo = (n: number) => JSON.stringify(Array.from({ length: n }, (_, i) => i + 1))

describe('which cells there are', () => {
  test('the cartesian product, the first axis changing slowest', async () => {
    expect(
      await axesOf('name: x\naxes: { model: [tiny, noise], quantization: [f16, q4_0], workload: [write] }'),
    ).toEqual(['tiny f16 write', 'tiny q4_0 write', 'noise f16 write', 'noise q4_0 write'])
  })

  test('exclude takes cells away by some of their axes, and says which rule did', async () => {
    const { cells, skipped } = await expand(`name: x
axes: { model: [tiny, noise], quantization: [f16, q8_0], workload: [write] }
exclude:
  - { model: noise, quantization: q8_0 }`)
    expect(cells.map(({ axes }) => axes['model'])).toEqual(['tiny', 'tiny', 'noise'])
    expect(skipped).toEqual([
      {
        axes: { model: 'noise', quantization: 'q8_0', workload: 'write' },
        reason: 'excluded',
        detail: 'exclude.0 (x.yaml:4:5)',
      },
    ])
  })

  test('include adds cells, with values of their own, past exclude; what has one value may be left out', async () => {
    const text = `
name: x
axes: { model: [tiny], quantization: [f16, q8_0], backend.threads: [1, 2], workload: [write] }
exclude: [{ quantization: q8_0, backend.threads: 2 }]
include: [{ quantization: q4_0, backend.threads: 8 }, { quantization: q8_0, backend.threads: 2 }]`
    expect(await axesOf(text)).toEqual([
      'tiny f16 1 write',
      'tiny f16 2 write',
      'tiny q8_0 1 write',
      'tiny q4_0 8 write',
      'tiny q8_0 2 write',
    ])
    expect((await expand(text)).skipped).toEqual([])
  })

  test('an experiment without axes has one cell', async () => {
    const { cells } = await expand(
      'name: x\nmodels: { m: { artifacts: { f16: { path: m.gguf } } } }\nworkload: { kind: prefill-decode }',
    )
    expect(cells).toMatchObject([
      {
        axes: {},
        arm: '{}',
        config: { model: { name: 'm' }, quantization: 'f16', workload: { name: 'prefill-decode' } },
      },
    ])
  })

  test('names come from an axis, else from the sole entry of the file, else from the default', async () => {
    const { cells } = await expand(`name: x
axes: { model: [sole], workload: [write] }
backends: { mine: { kind: llama.cpp, threads: 2 } }`)
    expect(cells[0]?.config).toMatchObject({
      model: { name: 'sole', parameters: 7e9 },
      quantization: 'q4_0',
      backend: { name: 'mine', threads: 2 },
      hardware: { name: 'local', needs: { accelerator: 'cpu' } },
    })
  })
})

describe('what is in a cell', () => {
  test('everything, with defaults written out', async () => {
    const { cells, blocks, experiment } = await expand('name: x\naxes: { model: [sole], workload: [write] }')
    expect({ cells, blocks, experiment }).toMatchSnapshot()
  })

  test('precedence, lowest first: built-in, lab, file, axis, override, --set', async () => {
    const lab = 'backends: { llama.cpp: { kind: llama.cpp, threads: 2 } }'
    const file = 'backends: { llama.cpp: { kind: llama.cpp, threads: 3 } }'
    const axis = ', backend.threads: [4]'
    const override = 'overrides: [{ set: { backend.threads: 5 } }]'
    const sets = ['backend.threads=6']
    expect(await threads({})).toBe(1)
    expect(await threads({ lab })).toBe(2)
    expect(await threads({ lab, file })).toBe(3)
    expect(await threads({ lab, file, axis })).toBe(4)
    expect(await threads({ lab, file, override })).toBe(5)
    expect(await threads({ lab, file, override, sets })).toBe(6)
  })

  test('an override reaches the cells that it names, and the last one wins', async () => {
    const { cells } = await expand(`name: x
axes: { model: [sole], workload: [write, score], load.clients: [1, 4] }
overrides:
  - { set: { load.requests: 3 } }
  - { when: { workload: score }, set: { load.requests: 1, warmup.requests: 0 } }
  - { when: { model: sole, workload: write, load.clients: 4 }, set: { load.requests: 8, limits.trial: 2m } }`)
    expect(cells.map(({ config, limits }) => [config.load, config.warmup.requests, limits.trialMs])).toEqual([
      [{ kind: 'closed', clients: 1, requests: 3 }, 1, 900_000],
      [{ kind: 'closed', clients: 4, requests: 8 }, 1, 120_000],
      [{ kind: 'closed', clients: 1, requests: 1 }, 0, 900_000],
      [{ kind: 'closed', clients: 4, requests: 1 }, 0, 900_000],
    ])
  })

  test('an axis may be any part of a workload', async () => {
    const { cells } = await expand(`name: x
axes:
  model: [sole]
  workload: [write]
  workload.prompts: [[a, b], [{ id: c, text: d }]]
  workload.sampling.temperature: [0, 0.7]`)
    const contents = cells.map(({ config: { workload } }) =>
      workload.kind === 'completion'
        ? [workload.prompts.map(({ text }) => text).join(), workload.sampling.temperature]
        : [],
    )
    expect(contents).toEqual([
      ['a,b', 0],
      ['a,b', 0.7],
      ['d', 0],
      ['d', 0.7],
    ])
  })

  test('a YAML anchor repeats a part', async () => {
    const { cells } = await expand(`name: x
axes: { model: [a, b], workload: [write] }
models:
  a: &same { artifacts: { f16: { path: a.gguf } } }
  b: *same`)
    expect(cells.map(({ config }) => config.artifact)).toEqual([
      { kind: 'path', path: 'a.gguf' },
      { kind: 'path', path: 'a.gguf' },
    ])
  })

  test('every axis but workload, load and warm-up makes an arm', async () => {
    const { cells } = await expand(`name: x
axes: { workload: [write], load.clients: [1, 2], warmup.requests: [0, 1], quantization: [f16, q4_0], model: [tiny] }`)
    expect([...new Set(cells.map(({ arm, stratum }) => `${arm} ${stratum}`))]).toEqual([
      '{"model":"tiny","quantization":"f16"} {}',
      '{"model":"tiny","quantization":"q4_0"} {}',
    ])
  })
})

describe('--set', () => {
  const text = `
name: x
axes: { model: [tiny], quantization: [f16, q8_0], backend.threads: [1, 2], workload: [write, score] }
exclude: [{ workload: score, backend.threads: 2 }]`

  test('takes the place of an axis; cells that become equal are one', async () => {
    expect(await axesOf(text, ['backend.threads=4'])).toEqual([
      'tiny f16 4 write',
      'tiny f16 4 score',
      'tiny q8_0 4 write',
      'tiny q8_0 4 score',
    ])
    expect(await axesOf(text, ['quantization=q4_0', 'workload=write'])).toEqual([
      'tiny q4_0 1 write',
      'tiny q4_0 2 write',
    ])
  })

  test('reaches every cell that has its path, and leaves the others as they are', async () => {
    const { cells } = await expand(text, { sets: ['workload.sampling.maxTokens=7'] })
    const lengths = cells.map(({ config: { workload } }) =>
      workload.kind === 'completion' ? workload.sampling.maxTokens : workload.kind,
    )
    expect(new Set(lengths)).toEqual(new Set([7, 'perplexity']))
  })

  test('names an entry where there is no axis, and of two the last counts', async () => {
    const { cells } = await expand('name: x\naxes: { workload: [write] }', {
      sets: ['model=sole', 'hardware=gpu', 'load.requests=5', 'load.requests=6'],
    })
    expect(cells[0]?.config).toMatchObject({
      model: { name: 'sole' },
      hardware: { name: 'gpu' },
      load: { requests: 6 },
    })
  })

  test('takes YAML: lists, maps, quoted text', async () => {
    const { cells } = await expand('name: x\naxes: { model: [sole] }', {
      sets: ['workload=write', 'workload.prompts=[a, { id: b, text: "c: d" }]'],
    })
    expect(cells[0]?.config.workload).toMatchObject({
      prompts: [
        { id: 'p1', text: 'a' },
        { id: 'b', text: 'c: d' },
      ],
    })
  })
})

test('ten thousand cells resolve every distinct part once, and ask for every artifact once', async () => {
  const asked: unknown[] = []
  const { cells } = await expand(
    `name: x
axes:
  model: [tiny]
  quantization: [f16, q8_0]
  backend.batchSize: ${upTo(50)}
  load.requests: ${upTo(50)}
  workload: [write, score]`,
    { artifact: (source) => (asked.push(source), anyArtifact(source)) },
  )
  const distinct = (part: 'backend' | 'load' | 'workload' | 'model') =>
    new Set(cells.map(({ config }) => config[part])).size
  expect(cells).toHaveLength(10_000)
  expect([distinct('backend'), distinct('load'), distinct('workload'), distinct('model')]).toEqual([50, 50, 2, 1])
  expect(new Set(cells.map(({ id }) => id)).size).toBe(10_000)
  expect(asked).toHaveLength(2)
})
