import { expect, test } from 'vitest'
import { refused } from './fixture.ts'

const good = 'name: x\naxes: { model: [tiny], quantization: [f16, q8_0], workload: [write, score] }\n'

test('one that cannot be meant says why', async () => {
  const wrong = [
    'backend.threads',
    '=2',
    'backend.threads=',
    'backend.threads=two',
    'backend.thread=2',
    'threads=2',
    'model=tinny',
    'model=2',
    'workload.outputTokens=2',
    'workload=[a, b',
    'load.requests=&a [*a]',
    'repeat.warmup.requests=2',
    'repeat.blocks=2',
    '__proto__.x=1',
    'load.requests=0\nload: 1',
  ]
  expect(await Promise.all(wrong.map((argument) => refused(good, { sets: [argument] })))).toMatchInlineSnapshot(`
    [
      "--set backend.threads: must be a path and a value, such as --set backend.threads=2",
      "--set =2: must be a path and a value, such as --set backend.threads=2",
      "--set backend.threads=: has no value: write one after the "="",
      "--set backend.threads=two: must be a number, got "two"",
      "--set backend.thread=2: no cell has the path "backend.thread", did you mean "backend.threads"?",
      "--set threads=2: "threads" is neither a name nor a dotted path, did you mean "backend.threads"?",
      "--set model=tinny: there is no model "tinny", did you mean "tiny"?",
      "--set model=2: must be the name of a model, got 2",
      "--set workload.outputTokens=2: no cell has the path "workload.outputTokens": kind perplexity has none, it is a key of kind prefill-decode",
      "--set workload=[a, b: Flow sequence must end with a ]",
      "--set load.requests=&a [*a]: alias *a contains itself",
      "--set repeat.warmup.requests=2: "repeat.warmup.requests" is neither a name nor a dotted path, did you mean "warmup.requests"?",
      "--set repeat.blocks=2: "repeat.blocks" is neither a name nor a dotted path: say --blocks",
      "--set __proto__.x=1: "__proto__.x" is neither a name nor a dotted path: names are model, quantization, backend, hardware, workload; paths begin with model, backend, hardware, workload, load, warmup, limits",
      "--set load.requests=0\\u{a}load: 1: a key is not followed by ": " (a colon and a space), or it goes on over several lines",
    ]
  `)
})

test('what would overwrite an axis', async () => {
  const text = good.replace('workload:', 'workload.sampling.seed: [1, 2], workload:').replace(', score', '')
  expect(await refused(text, { sets: ['workload.sampling={seed: 3}'] })).toMatchInlineSnapshot(
    `"--set workload.sampling={seed: 3}: "workload.sampling" would overwrite the axis workload.sampling.seed: set what is beside it"`,
  )
})

test('all of them at once, with what is wrong in the file', async () => {
  expect(await refused(good.replace('q8_0', 'q9_0'), { sets: ['model', 'load.requests=many', 'loda.requests=1'] }))
    .toMatchInlineSnapshot(`
    "--set model: must be a path and a value, such as --set backend.threads=2
    --set loda.requests=1: "loda.requests" is neither a name nor a dotted path, did you mean "load.requests"?
    --set load.requests=many: must be a number, got "many"
    x.yaml:2:44: axes.quantization: model "tiny" has no "q9_0": it has f16, q8_0, q4_0; exclude the pair, or add an artifact to the model
        axes: { model: [tiny], quantization: [f16, q9_0], workload: [write, score] }"
  `)
})
