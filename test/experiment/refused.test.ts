import { describe, expect, test } from 'vitest'
import { UserError } from '../../lib/domain/user-error.ts'
import { expand, refused } from './fixture.ts'

const good = 'name: x\naxes: { model: [tiny], quantization: [f16, q8_0], workload: [write, score] }\n'

const list = (length: number) => JSON.stringify(Array.from({ length }, (_, i) => i + 1))
const missing = () => Promise.reject(new UserError('model file is missing: put it there'))
const buggy = () => Promise.reject(new TypeError('a bug'))

test('an unknown key', async () => {
  expect(await refused(`${good}repeet: { blocks: 3 }\nload: { client: 2 }`)).toMatchInlineSnapshot(`
    "x.yaml:3:1: unknown key "repeet", did you mean "repeat"?
        repeet: { blocks: 3 }
    x.yaml:4:9: load: unknown key "client", did you mean "clients"?
        load: { client: 2 }"
  `)
})

test('a wrong type', async () => {
  expect(await refused('name: 5\naxes: [model]\nload: 3\nrepeat: { blocks: many }')).toMatchInlineSnapshot(`
    "x.yaml:1:7: name: must be text, got 5: put it in quotes
        name: 5
    x.yaml:2:7: axes: must be a map of keys, got ["model"]
        axes: [model]
    x.yaml:3:7: load: must be a map of keys such as { kind: closed }, got 3
        load: 3
    x.yaml:4:19: repeat.blocks: must be a number, got "many"
        repeat: { blocks: many }"
  `)
})

test('a bad axis path', async () => {
  const text = good.replace('workload:', 'backend.thread: [1], threads: [2], workload:')
  expect(await refused(text)).toMatchInlineSnapshot(`
    "x.yaml:2:67: axes.backend.thread: in backend "llama.cpp": unknown key "thread", did you mean "threads"?
        …tiny], quantization: [f16, q8_0], backend.thread: [1], threads: [2], workload: [write, score] }
    x.yaml:2:72: axes.threads: is neither a name nor a dotted path, did you mean "backend.threads"?
        …, quantization: [f16, q8_0], backend.thread: [1], threads: [2], workload: [write, score] }"
  `)
})

test('zip of unequal lengths', async () => {
  const text = good.replace('workload:', 'backend.threads: [1, 2, 3], workload:')
  expect(await refused(`${text}zip: [[quantization, backend.threads]]`)).toMatchInlineSnapshot(`
    "x.yaml:3:7: zip.0: axes that advance together need equally many values: quantization has 2, backend.threads has 3
        zip: [[quantization, backend.threads]]"
  `)
})

describe('a file that cannot be meant: place and remedy', () => {
  test.for([
    ['a key that a comparison does not have', `${good}compare: { treatment: [quantization], margin: 2% }`],
    ['a treatment that is no axis', `${good}compare: { treatment: [quantisation, backend] }`],
    ['a treatment that makes no arms', `${good}compare: { treatment: [workload, quantization, quantization] }`],
    [
      'guards that there are not',
      `${good}guards: { temperature: { above: 200 }, batery: warn, foreignGpuTenant: hide }`,
    ],
    ['a comparison of nothing', `${good}compare: { treatment: [] }`],
    ['unknown keys further down', `${good}load: { client: 2 }\nrepeat: { block: 3 }\nlimits: { loads: 3s }`],
    ['numbers out of range', `${good}load: { clients: 0, requests: 1.5 }\nrepeat: { blocks: -1 }`],
    ['durations', `${good}limits: { load: 300, firstToken: 5 minutes, stall: 0s, trial: 400h }`],
    ['an axis without values', 'name: x\naxes: { model: [], workload: write }'],
    ['a name that no file could have', 'name: ../x\nmodels: { "a b": { artifacts: {} } }'],
    ['an artifact of no kind', 'name: x\nmodels: { m: { artifacts: { f16: { hub: org/name } } } }'],
    [
      'random weights in a format that is not generated',
      'name: x\nmodels: { m: { artifacts: { q4_k_m: { random: { parameters: 5e7 } } } } }',
    ],
    ['random weights of no size', 'name: x\nmodels: { m: { artifacts: { f16: { random: { parameters: 5 } } } } }'],
    ['a workload of no kind', 'name: x\nworkloads: { w: { prompts: [a] }, v: { kind: chatt } }'],
    [
      'both workload and workloads',
      'name: x\nworkload: { kind: prefill-decode }\nworkloads: { w: { kind: prefill-decode } }',
    ],
    [
      'prompts with equal ids',
      'name: x\nworkload: { kind: completion, prompts: [{ id: a, text: b }, { id: a, text: c }] }',
    ],
    ['nothing at all', ''],
  ] as const)('%s', async ([, text]) => {
    expect(await refused(text)).toMatchSnapshot()
  })
})

describe('a load or a stop that cannot be meant', () => {
  test.for([
    ['requests and a duration', `${good}load: { requests: 3, duration: 5s }`],
    ['a duration that is none', `${good}load: { duration: 5 }`],
    ['a duration that the trial has no time for', `${good.replace(', score', '')}load: { duration: 900s }`],
    [
      'a trial too short for the duration of some cells',
      `${good.replace(', score]', '], load.duration: [5s, 1m]')}overrides: [{ set: { limits.trial: 30s } }]`,
    ],
    ['perplexity for a duration', `${good}load: { duration: 5s }`],
    ['more clients than requests', `${good.replace(', score]', '], load.clients: [1, 2, 4]')}load: { requests: 3 }`],
    [
      'more clients than prefills and decodes',
      'name: x\naxes: { model: [sole], workload: [bench], load.clients: [20, 21] }',
    ],
    ['no stop at all', `${good}overrides: [{ when: { workload: write }, set: { workload.sampling.stop: [] } }]`],
    ['an empty stop', `${good}overrides: [{ when: { workload: write }, set: { workload.sampling.stop: [""] } }]`],
    [
      'a stop of an output that never stops',
      'name: x\naxes: { model: [sole] }\nworkload: { kind: completion, prompts: [a], sampling: { stop: ["."] } }',
    ],
    [
      'a stop as an axis of an output that never stops',
      good.replace('[write, score]', '[write], workload.sampling.stop: [["."], [".", "!"]]'),
    ],
    [
      'a chat that says two things at once',
      'name: x\naxes: { model: [sole] }\nworkload: { kind: chat, system: "", prompts: [a], output: fixed, sampling: { stop: [a] } }',
    ],
  ] as const)('%s', async ([, text]) => {
    expect(await refused(text)).toMatchSnapshot()
  })
})

describe('a matrix that does not work out', () => {
  test.for([
    ['an unknown axis', good.replace('model:', 'modle:')],
    ['a path of another kind of workload', good.replace('workload:', 'workload.outputTokens: [5], workload:')],
    ['a path into a number', good.replace('workload:', 'backend.threads.most: [5], workload:')],
    [
      'a path that is none',
      good.replace('workload:', '"backend.": [5], "__proto__.x": [1], "backend.__proto__": [2], workload:'),
    ],
    ['a value of the wrong type', good.replace('workload:', 'backend.threads: [1, two], workload:')],
    ['a limit as an axis', good.replace('workload:', 'limits.trial: [1s, 2s], workload:')],
    ['an unknown name', good.replace('tiny', 'tinny').replace('score', 'scroe')],
    ['a name that every object has', good.replace('tiny', 'constructor').replace('score', 'toString')],
    ['a name that is a number', good.replace('tiny', '7')],
    ['a value twice', good.replace('[f16, q8_0]', '[f16, f16]')],
    ['a quantization that the model does not have', good.replace('[tiny]', '[tiny, noise]')],
    ['nothing that says which model', 'name: x\naxes: { workload: [write] }'],
    ['nothing that says which quantization', 'name: x\naxes: { model: [tiny], workload: [write] }'],
    [
      'several workloads and no axis',
      'name: x\naxes: { model: [sole] }\nworkloads: { a: { kind: prefill-decode }, b: { kind: prefill-decode } }',
    ],
    ['zip of what is no axis', `${good}zip: [[quantization, wrkload], [model, model]]`],
    ['exclude of what is no axis', `${good}exclude: [{ modle: tiny }, {}]`],
    ['exclude of a value that never occurs', `${good}exclude: [{ workload: scoer }, { quantization: 8 }]`],
    [
      'exclude of cells that zip has taken away',
      `${good}zip: [[quantization, workload]]\nexclude: [{ quantization: f16, workload: score }]`,
    ],
    ['include without all axes', `${good}include: [{ quantization: q4_0 }]`],
    ['include of what is no axis', `${good}include: [{ quantization: q4_0, workload: write, threads: 2 }]`],
    ['include of a cell that is there', `${good}include: [{ quantization: f16, workload: write }]`],
    ['include of an unknown name', `${good}include: [{ quantization: q4_0, workload: wirte }]`],
    [
      'overrides that cannot be meant',
      `${good}overrides:
  - { when: { modle: tiny }, set: { backend.threads: 2 } }
  - { when: { workload: qualty, backend: llama.ccp }, set: { backend.thread: 2 } }
  - { set: { quantization: f16, workload: write, backend: x } }`,
    ],
    [
      'an override of an axis',
      `${good.replace('workload:', 'backend.threads: [1, 2], workload:')}overrides: [{ set: { backend.threads: 2 } }]`,
    ],
    [
      'an override with a wrong value',
      `${good}overrides: [{ when: { workload: write }, set: { workload.sampling.topP: 2 } }]`,
    ],
    [
      'an override that applies to no cell',
      `${good}exclude: [{ workload: score }]\noverrides: [{ when: { workload: score }, set: { load.requests: 1 } }]`,
    ],
    ['too many cells', `name: x\naxes: { load.clients: ${list(400)}, load.requests: ${list(400)} }`],
    [
      'two axes that make equal cells',
      good.replace('workload:', 'workload.sampling: [{}, { temperature: 0 }], workload:').replace(', score', ''),
    ],
  ] as const)('%s', async ([, text]) => {
    expect(await refused(text)).toMatchSnapshot()
  })
})

describe('a context that is too small names both sides', () => {
  const small =
    'name: x\nbackends: { small: { kind: llama.cpp, contextSize: 256 } }\naxes: { model: [sole], workload: [w] }\n'

  test.for([
    [
      'prefill-decode',
      `${small}workloads: { w: { kind: prefill-decode, promptTokens: 250, outputTokens: 50, depth: 7 } }`,
    ],
    ['perplexity', `${small}workloads: { w: { kind: perplexity, text: abc } }`],
    ['completion', `${small}workloads: { w: { kind: completion, prompts: [a], sampling: { maxTokens: 256 } } }`],
    ['an axis', 'name: x\naxes: { model: [sole], workload: [bench], workload.promptTokens: [512, 2100] }'],
  ] as const)('%s', async ([, text]) => {
    expect(await refused(text)).toMatchSnapshot()
  })

  test('what just fits is accepted', async () => {
    const text = `${small}workloads: { w: { kind: prefill-decode, promptTokens: 200, outputTokens: 50, depth: 6 } }`
    expect((await expand(text)).cells).toHaveLength(1)
  })
})

describe('files', () => {
  test('a model file that the port refuses is told where it is named, all of them at once', async () => {
    const text = `${good}models: { tiny: { artifacts: { f16: { path: a.gguf }, q8_0: { path: b.gguf } } } }`
    expect(await refused(text, { artifact: missing })).toMatchInlineSnapshot(`
      "x.yaml:3:37: models.tiny.artifacts.f16: model file is missing: put it there
          models: { tiny: { artifacts: { f16: { path: a.gguf }, q8_0: { path: b.gguf } } } }
      x.yaml:3:61: models.tiny.artifacts.q8_0: model file is missing: put it there
          …tiny: { artifacts: { f16: { path: a.gguf }, q8_0: { path: b.gguf } } } }"
    `)
  })

  test('a bug of the port is no mistake of the user', async () => {
    await expect(expand(good, { artifact: buggy })).rejects.toThrow(TypeError)
  })

  test('files of prompts and texts that are not there', async () => {
    const text = `name: x
axes: { model: [sole], workload: [a, b] }
workloads:
  a: { kind: completion, prompts: { file: benchbook-no-such.yaml } }
  b: { kind: perplexity, text: { file: benchbook-no-such.txt } }`
    expect(await refused(text)).toMatchInlineSnapshot(`
      "x.yaml:4:43: workloads.a.prompts.file: benchbook-no-such.yaml is not there
          a: { kind: completion, prompts: { file: benchbook-no-such.yaml } }
      x.yaml:5:40: workloads.b.text.file: benchbook-no-such.txt is not there
          b: { kind: perplexity, text: { file: benchbook-no-such.txt } }"
    `)
  })

  test('files outside the lab', async () => {
    const text = `name: x
axes: { model: [m], workload: [a, b] }
models: { m: { artifacts: { f16: { path: /etc/m.gguf } } } }
workloads:
  a: { kind: completion, prompts: { file: ../../etc/passwd } }
  b: { kind: perplexity, text: { file: /etc/hostname } }`
    expect(await refused(text, { folders: { labRoot: '/a/lab', packageRoot: '/a/package' } })).toMatchInlineSnapshot(`
      "x.yaml:3:42: models.m.artifacts.f16.path: "/etc/m.gguf" is outside the lab (/a/lab): move it there, or allow it with --allow-outside
          models: { m: { artifacts: { f16: { path: /etc/m.gguf } } } }
      x.yaml:5:43: workloads.a.prompts.file: "../../etc/passwd" is outside the lab (/a/lab): move it there, or allow it with --allow-outside
          a: { kind: completion, prompts: { file: ../../etc/passwd } }
      x.yaml:6:40: workloads.b.text.file: "/etc/hostname" is outside the lab (/a/lab): move it there, or allow it with --allow-outside
          b: { kind: perplexity, text: { file: /etc/hostname } }"
    `)
  })
})
