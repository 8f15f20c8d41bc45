import { expect, test } from 'vitest'
import { expand, refused } from './fixture.ts'

const withLoad = (load: string) => `name: x\naxes: { model: [sole], workload: [write] }\nload: ${load}\n`
const good = withLoad('{ clients: 2, requests: 4 }')

test('a kind of load that there is not is told those that there are', async () => {
  expect(await refused(withLoad('{ kind: clsoed }'))).toMatchInlineSnapshot(`
    "x.yaml:3:15: load.kind: must be one of closed, constant, poisson, gamma, burst, ramp, trace, got "clsoed", did you mean "closed"?
        load: { kind: clsoed }"
  `)
})

test('a setting of another kind of load is told whose it is, and one that is missing what it must be', async () => {
  const wrong = ['{ ratePerSecond: 3 }', '{ kind: burst, ratePerSecond: 3 }', '{ kind: poisson, rate: 3 }']
  const said = await Promise.all(wrong.map((load) => refused(withLoad(load))))
  expect(said.join('\n\n')).toMatchInlineSnapshot(`
    "x.yaml:3:9: load: unknown key "ratePerSecond": kind closed has none, it is a key of kind constant, poisson, gamma
        load: { ratePerSecond: 3 }

    x.yaml:3:7: load.size: is missing: it must be a number
        load: { kind: burst, ratePerSecond: 3 }
    x.yaml:3:7: load.every: is missing: it must be a duration such as 500ms, 30s or 2m
        load: { kind: burst, ratePerSecond: 3 }
    x.yaml:3:22: load: unknown key "ratePerSecond": kind burst has none, it is a key of kind constant, poisson, gamma
        load: { kind: burst, ratePerSecond: 3 }

    x.yaml:3:7: load.ratePerSecond: is missing: it must be arrivals per second, from above 0 to 100000, or auto
        load: { kind: poisson, rate: 3 }
    x.yaml:3:24: load: unknown key "rate", did you mean "ratePerSecond"?
        load: { kind: poisson, rate: 3 }"
  `)
})

test('what --set made of a load is told at that --set, not at a line of the file', async () => {
  const sets = [
    ['load.kind=poisson'],
    ['load.kind=clsoed'],
    ['load.kind=burst', 'load.size=3'],
    ['load.ratePerSecond=4'],
    ['load.requests=1'],
    ['limits.trial=1s', 'load.duration=10s'],
    ['workload.kind=prefill-decode'],
    ['backend.kind=openai'],
    ['load={ kind: poisson }'],
    ['objectives.ttft_ms=3'],
  ]
  expect(await Promise.all(sets.map((each) => refused(good, { sets: each })))).toMatchInlineSnapshot(`
    [
      "--set load.kind=poisson: load.ratePerSecond: is missing: it must be arrivals per second, from above 0 to 100000, or auto",
      "--set load.kind=clsoed: must be one of closed, constant, poisson, gamma, burst, ramp, trace, got "clsoed", did you mean "closed"?",
      "--set load.kind=burst: load.every: is missing: it must be a duration such as 500ms, 30s or 2m",
      "--set load.ratePerSecond=4: no cell has the path "load.ratePerSecond": kind closed has none, it is a key of kind constant, poisson, gamma",
      "--set load.requests=1: load.clients is 2, each sends a request at least, and load.requests is 1: raise load.requests, or give load.duration in its place",
      "--set load.duration=10s: load.duration, 10 s, does not end within limits.trial, 1 s: raise limits.trial, or take less",
      "--set workload.kind=prefill-decode: workload: unknown key "prompts": kind prefill-decode has none, it is a key of kind completion, chat (built-in.yaml:12:30)",
      "--set backend.kind=openai: backend.url: is missing: it must be an address such as http://127.0.0.1:8000",
      "--set load={ kind: poisson }: "load" is neither a name nor a dotted path: it has several settings, set one, such as load.kind",
      "--set objectives.ttft_ms=3: "objectives.ttft_ms" is neither a name nor a dotted path: that is the same for all cells, change it in the file",
    ]
  `)
  const open = withLoad('{ kind: poisson, ratePerSecond: 2, duration: 10s }')
  const onOpen = [['load.kind=closed'], ['load.ratePerSecond=0.01'], ['limits.trial=5s']]
  expect(await Promise.all(onOpen.map((each) => refused(open, { sets: each })))).toMatchInlineSnapshot(`
    [
      "--set load.kind=closed: load: unknown key "ratePerSecond": kind closed has none, it is a key of kind constant, poisson, gamma (x.yaml:3:24)",
      "--set load.ratePerSecond=0.01: within load.duration, 10 s, no more than 1 arrives: raise load.duration, or load.ratePerSecond",
      "--set limits.trial=5s: load.duration, 10 s, does not end within limits.trial, 5 s: raise limits.trial, or take less",
    ]
  `)
})

test('a conversation that --set has put into a completion is told at that --set', async () => {
  const talk = good.replace('[write]', '[talk]').concat('workloads: { talk: { kind: chat, prompts: [a] } }\n')
  const prompts = 'workload.prompts=[{ text: a, then: [b] }]'
  expect(await refused(talk, { sets: [prompts, 'workload.kind=completion'] })).toMatchInlineSnapshot(
    `"--set workload.prompts=[{ text: a, then: [b] }]: workload "talk" has conversations ("p1" goes on with then), which only a chat has: make it kind: chat, or take then out"`,
  )
  expect(
    await refused(talk.replace('[a]', '[{ text: a, then: [b] }]'), { sets: ['workload.kind=completion'] }),
  ).toMatchInlineSnapshot(
    `"--set workload.kind=completion: workload "talk" has conversations ("p1" goes on with then), which only a chat has: make it kind: chat, or take then out"`,
  )
})

test('a burst is counted by its requests: as many as come at once, and not a rate that it has not', async () => {
  const { cells } = await expand(withLoad('{ kind: burst, size: 5, every: 10s, duration: 1s }'))
  expect(cells).toHaveLength(1)
  expect(await refused(withLoad('{ kind: burst, size: 1, every: 10s, duration: 1s }'))).toMatchInlineSnapshot(`
    "x.yaml:3:53: within load.duration, 1 s, no more than 1 arrives: raise load.duration, or load.size, or lower load.every
        …ad: { kind: burst, size: 1, every: 10s, duration: 1s }"
  `)
  expect(await refused(withLoad('{ kind: burst, size: 1, every: 10s, requests: 100 }'))).toMatchInlineSnapshot(`
    "x.yaml:3:53: load.requests is 100, which take 990 s to arrive, and limits.trial 900 s: raise limits.trial or load.size, or lower load.every, or take fewer
        …ad: { kind: burst, size: 1, every: 10s, requests: 100 }"
  `)
})

test('a path into a list or a text takes nothing of its place', async () => {
  const sets = ['workload.prompts.synthetic.tokens=12', 'workload.prompts.0.text=12', 'workload.prompts.limit=3']
  expect(await Promise.all(sets.map((each) => refused(good, { sets: [each] })))).toMatchInlineSnapshot(`
    [
      "--set workload.prompts.synthetic.tokens=12: no cell has the path "workload.prompts.synthetic.tokens": workload.prompts is a list, with nothing below it: set workload.prompts itself, whole",
      "--set workload.prompts.0.text=12: "workload.prompts.0.text" is neither a name nor a dotted path, did you mean "workload.text"?",
      "--set workload.prompts.limit=3: no cell has the path "workload.prompts.limit": workload.prompts is a list, with nothing below it: set workload.prompts itself, whole",
    ]
  `)
  const scored = good.replace('write', 'score')
  expect(await refused(scored, { sets: ['workload.text.file=a.txt'] })).toMatchInlineSnapshot(
    `"--set workload.text.file=a.txt: no cell has the path "workload.text.file": workload.text is "Some text.", with nothing below it: set workload.text itself, whole"`,
  )
  const made = `${good.replace('[write]', '[m]')}workloads: { m: { kind: chat, prompts: { synthetic: { tokens: 9 } } } }\n`
  expect(await refused(made, { sets: ['workload.prompts.file=a.txt'] })).toMatchInlineSnapshot(
    `"--set workload.prompts.file=a.txt: workload.prompts: has file and synthetic, of which it may have one: set it whole"`,
  )
  const mixed = made.replace('synthetic: { tokens: 9 }', 'mix: [{ tokens: 9 }]')
  expect(await refused(mixed, { sets: ['workload.prompts.mix.tokens=4'] })).toMatchInlineSnapshot(
    `"--set workload.prompts.mix.tokens=4: no cell has the path "workload.prompts.mix.tokens": workload.prompts.mix is a list, with nothing below it: set workload.prompts.mix itself, whole"`,
  )
  const onAxis = good.replace('workload:', 'workload.prompts.synthetic.tokens: [5, 9], workload:')
  expect(await refused(onAxis)).toMatchInlineSnapshot(`
    "x.yaml:2:59: axes.workload.prompts.synthetic.tokens: cannot be set: workload.prompts is a list, with nothing below it: set workload.prompts itself, whole
        …model: [sole], workload.prompts.synthetic.tokens: [5, 9], workload: [write] }"
  `)
})

test('a path into prompts that are made reaches those, and leaves the lists of others as they are', async () => {
  const text = `${good.replace('[write]', '[write, m]')}workloads: { m: { kind: completion, prompts: { synthetic: { tokens: 9, count: 2 } } } }\n`
  const { cells } = await expand(text, { sets: ['workload.prompts.synthetic.tokens=3'] })
  const texts = cells.map(({ config: { workload } }) => ('prompts' in workload ? workload.prompts : []))
  expect(texts[0]).toMatchObject([{ text: 'Hello' }, { text: 'Goodbye' }])
  expect(texts[1]?.map((prompt) => prompt.text.split(' ').length)).toEqual([3, 3])
})

test('what a stranger writes at first is told how it is written', async () => {
  const served = 'models: { m: { artifacts: { any: { served: a } } } }\n'
  const wrong = [
    'backends: { kind: openai, url: http://a }\nworkload: { kind: chat, prompts: [a] }\n',
    'backends: { b: { kind: openai, url: "127.0.0.1:8000" } }\nworkload: { kind: chat, prompts: a.jsonl, maxTokens: 4 }\n',
    'backends: { b: { kind: openai, url: http://a, tokenMs: 4 } }\nworkload: { kind: chat }\nclients: 4\nload: closed\n',
    'workload: { kind: chat, prompts: { synthetic: { tokens: 3, tokenizer: word } } }\nobjectives: { ttft_ms: 500ms }\n',
    'workload: { kind: chat, prompts: { synthetic: { tokens: 3, tokenizer: word } } }\n',
  ]
  const said = await Promise.all(wrong.map((text) => refused(`name: x\n${served}${text}`)))
  expect(said.join('\n\n')).toMatchInlineSnapshot(`
    "x.yaml:3:13: backends: the key "kind" is no name: each has one above it, as in mine: { kind: ... }
        backends: { kind: openai, url: http://a }
    x.yaml:3:32: backends.url: must be a map of keys such as { kind: llama.cpp }, got "http://a"
        backends: { kind: openai, url: http://a }

    x.yaml:3:37: backends.b.url: must be an address such as http://127.0.0.1:8000, got "127.0.0.1:8000"
        backends: { b: { kind: openai, url: "127.0.0.1:8000" } }
    x.yaml:4:34: workload.prompts: must be a list of texts, or { file: ... }, { synthetic: ... } or { mix: ... }, got "a.jsonl"
        workload: { kind: chat, prompts: a.jsonl, maxTokens: 4 }
    x.yaml:4:43: workload: unknown key "maxTokens": it goes below sampling
        workload: { kind: chat, prompts: a.jsonl, maxTokens: 4 }

    x.yaml:3:47: backends.b: unknown key "tokenMs": kind openai has none, it is a key of kind emulator
        backends: { b: { kind: openai, url: http://a, tokenMs: 4 } }
    x.yaml:4:11: workload.prompts: is missing: it must be a list of texts, or { file: ... }, { synthetic: ... } or { mix: ... }
        workload: { kind: chat }
    x.yaml:5:1: unknown key "clients": it goes below load
        clients: 4
    x.yaml:6:7: load: must be a map of keys such as { kind: closed }, got "closed"
        load: closed

    x.yaml:4:24: objectives.ttft_ms: must be a number of milliseconds without a unit, such as 500, got "500ms"
        objectives: { ttft_ms: 500ms }

    x.yaml:3:71: workload.prompts.synthetic.tokenizer: word is not there: take "words", or a tokenizer.json
        …at, prompts: { synthetic: { tokens: 3, tokenizer: word } } }"
  `)
  const unnamed = 'name: x\nbackends: { b: { kind: openai, url: http://a } }\nworkload: { kind: chat, prompts: [a] }\n'
  expect(await refused(unnamed)).toMatchInlineSnapshot(`
    "x.yaml:1:1: which model? Write an axis, such as model: [tiny, noise, sole]; one of a server is models: { mine: { artifacts: { any: { served: NAME } } } }
        name: x"
  `)
})

test('a metric without its unit is told with it', async () => {
  expect(await refused(`${good}objectives: { ttft: 500, tpot: 50 }\n`)).toMatchInlineSnapshot(`
    "x.yaml:4:15: objectives: unknown key "ttft", did you mean "ttft_ms"?
        objectives: { ttft: 500, tpot: 50 }
    x.yaml:4:26: objectives: unknown key "tpot", did you mean "tpot_ms"?
        objectives: { ttft: 500, tpot: 50 }"
  `)
})

test('another engine by --set has none of the settings that only the one in the file has, keeps what both have, and mistakes are told', async () => {
  const here = 'backends: { here: { kind: transformers, dtype: bfloat16, threads: 2, contextSize: 512 } }\n'
  const file = `name: x\naxes: { model: [sole], workload: [write], backend: [here] }\n${here}overrides: [{ set: { backend.dtype: float16, backend.contextSize: 1024 } }]\n`
  const { cells } = await expand(file, { sets: ['backend.kind=llama.cpp'] })
  expect(cells.map(({ config }) => config.backend)).toMatchInlineSnapshot(`
    [
      {
        "batchSize": 512,
        "contextSize": 1024,
        "flashAttention": true,
        "kind": "llama.cpp",
        "mmap": true,
        "name": "here",
        "threads": 2,
      },
    ]
  `)
  expect(await refused(file.replace('dtype', 'dtypo'), { sets: ['backend.kind=llama.cpp'] })).toMatchInlineSnapshot(`
    "x.yaml:3:41: backends.here: unknown key "dtypo", did you mean "dtype"?
        backends: { here: { kind: transformers, dtypo: bfloat16, threads: 2, contextSize: 512 } }"
  `)
  expect(await refused(file, { sets: ['backend.kind=vllm', 'backend.threads=2'] })).toMatchInlineSnapshot(
    `"--set backend.threads=2: no cell has the path "backend.threads": kind vllm has none, it is a key of kind llama.cpp, transformers, vllm-offline"`,
  )
})
