import { expect, test } from 'vitest'
import type { BackendConfig } from '../../lib/domain/backend-config.ts'
import { comparePlan } from '../../lib/verdict/compare-plan.ts'
import {
  backend,
  described,
  differences,
  ending,
  engine,
  fieldsOf,
  launched,
  prompted,
  type Side,
  sampled,
  tool,
  vllm,
  withBackend,
  workload,
} from './arm-sides.ts'
import { comparedOf, decoded } from './compared-fixture.ts'

const quantization = 'quantization'
const formats = ['fp16', 'awq'] as const

test('AWQ against fp16 is comparable: the treatment implies digests, weight format, compute dtype, kernel and size of the KV cache', () => {
  const fp16: Side = {
    digest: 'd1',
    manifest: vllm({ dtype: 'bfloat16', attention: 'FLASH_ATTN', kvCacheTokens: 4096 }, 'd1'),
  }
  const awq: Side = {
    digest: 'd2',
    config: (config) => ({
      ...config,
      quantization: 'awq',
      artifact: { kind: 'hf', repo: 'org/name-awq', revision: 'c' },
    }),
    manifest: vllm(
      {
        dtype: 'float16',
        quantization: 'awq',
        linearKernel: 'MarlinLinearKernel',
        attention: 'TRITON',
        kvCacheTokens: 9000,
      },
      'd2',
    ),
  }
  expect(fieldsOf(quantization, formats, [fp16, awq])).toEqual([])
})

const says = (ftype: string, size: number): Side => ({
  manifest: engine({
    server: {
      url: 'http://127.0.0.1',
      place: 'this-machine',
      model: 'demo.gguf',
      says: { 'meta.ftype': ftype, 'meta.size': size, 'meta.n_vocab': 3072, model_ftype: ftype },
      settings: { file_type: ftype },
    },
  }),
})

test('what llama-server says of a file by its format is implied by a quantization: as the real one says it of the demo model', () => {
  expect(fieldsOf(quantization, ['f16', 'q8_0'], [says('F16', 7_900_000), says('Q8_0', 4_200_000)])).toEqual([])
})

test('the type of the KV cache is not implied by a quantization, wherever it stands', () => {
  const a: Side = { manifest: vllm({ kv_cache_dtype: 'auto' }, 'd1') }
  const b: Side = { manifest: vllm({ kv_cache_dtype: 'fp8' }, 'd1') }
  expect(differences(quantization, formats, [a, b])).toEqual([
    { field: 'engine.settings.kv_cache_dtype', base: 'auto', against: 'fp8' },
  ])
  const set: [Side, Side] = [
    { config: withBackend(launched({})) },
    { config: withBackend(launched({ 'kv-cache-dtype': 'fp8' })) },
  ]
  expect(fieldsOf(quantization, formats, set)).toEqual(['backend.launch.args.kv-cache-dtype'])
  expect(
    fieldsOf(
      'backend.launch.args.kv-cache-dtype',
      ['auto', 'fp8'],
      [
        { ...set[0], manifest: vllm({ kv_cache_dtype: 'auto', attention_backend: 'FLASH_ATTN' }, 'd1') },
        { ...set[1], manifest: vllm({ kv_cache_dtype: 'fp8', attention_backend: 'FLASHINFER' }, 'd1') },
      ],
    ),
  ).toEqual([])
})

test('another build of the engine is named, and is what a backend may have', () => {
  const sides: [Side, Side] = [{}, { manifest: engine({ build: 'ggml-org/llama.cpp b2, prebuilt' }) }]
  expect(differences(quantization, formats, sides)).toEqual([
    { field: 'engine.build', base: 'ggml-org/llama.cpp b1, prebuilt', against: 'ggml-org/llama.cpp b2, prebuilt' },
  ])
  expect(fieldsOf('backend.threads', [1, 2], sides)).toEqual(['engine.build'])
  expect(fieldsOf('backend', ['old', 'new'], sides)).toEqual([])
})

test('an engine that is updated in mid-plan makes an arm differ from itself, though a backend may have any build', () => {
  const updated: Side = { manifest: (manifest, block) => (block < 5 ? manifest : engine({ build: 'b2' })(manifest)) }
  expect(differences('backend', ['old', 'new'], [updated, updated])).toEqual([
    {
      field: 'engine.build',
      base: 'ggml-org/llama.cpp b1, prebuilt | b2',
      against: 'ggml-org/llama.cpp b1, prebuilt | b2',
    },
  ])
})

test('prompts, sampling, output limits and load are never free, of a backend neither', () => {
  for (const axis of ['backend', 'quantization', 'model', 'hardware', 'backend.threads']) {
    const fields = (side: Side) => fieldsOf(axis, ['a', 'b'], [{}, side])
    expect(fields(workload(() => ({ prompts: [{ id: 'p1', text: 'class' }] })))).toEqual(['prompts'])
    expect(fields(sampled({ temperature: 0.7 }))).toEqual(['workload.sampling.temperature'])
    expect(fields(sampled({ seed: 1 }))).toEqual(['workload.sampling.seed'])
    expect(fields(sampled({ maxTokens: 9 }))).toEqual(['workload.sampling.maxTokens'])
    expect(fields(workload(() => ({ output: 'fixed' })))).toEqual(['workload.output'])
    expect(fields({ config: (config) => ({ ...config, load: { kind: 'closed', clients: 2, requests: 4 } }) })).toEqual([
      'load.clients',
    ])
  }
})

test('what a server is asked with may not set sampling aside, or salt one arm alone', () => {
  const plain: Side = { config: withBackend(launched({})) }
  const fields = (side: () => BackendConfig) => fieldsOf('backend', ['a', 'b'], [plain, { config: withBackend(side) }])
  expect(fields(launched({ 'max-model-len': 512 }, { extraBody: { temperature: 1 } }))).toEqual([
    'backend.extraBody.temperature',
  ])
  expect(fields(launched({ seed: 5 }))).toEqual(['backend.launch.args.seed'])
  expect(fields(launched({}, { extraBody: { options: { num_thread: 1, top_k: 3 } } }))).toEqual([
    'backend.extraBody.options.top_k',
  ])
  expect(fields(launched({}, { salt: false }))).toEqual(['backend.salt'])
  expect(fieldsOf('backend', ['embedded', 'vllm'], [{}, plain])).toEqual([])
})

test('a backend has the same artifact on both sides', () => {
  expect(fieldsOf('backend', ['a', 'b'], [{}, { digest: 'other' }])).toEqual([
    'artifact.digest',
    'engine.artifact.digest',
  ])
})

test('a path that is the treatment implies what engines say of it, and nothing else', () => {
  expect(fieldsOf('backend.threads', [1, 2], [{}, { config: backend({ threads: 2 }) }])).toEqual([])
  expect(
    fieldsOf('backend.flashAttention', [true, false], [{}, { config: backend({ flashAttention: false }) }]),
  ).toEqual([])
  expect(fieldsOf('backend.threads', [1, 2], [{}, { config: backend({ threads: 2, flashAttention: false }) }])).toEqual(
    ['backend.flashAttention', 'engine.flashAttention'],
  )
})

test('of a quantization the model stays the same: its shape, vocabulary and context', () => {
  expect(
    fieldsOf(quantization, formats, [
      {},
      described({ fileType: 'Q4_0', tensorBytes: 3e6, parameters: 5.1e6, bytes: 3 }),
    ]),
  ).toEqual([])
  expect(fieldsOf(quantization, formats, [{}, described({ vocabulary: 600 })])).toEqual(['engine.artifact.vocabulary'])
  expect(
    fieldsOf('model', ['a', 'b'], [{}, described({ vocabulary: 600, architecture: 'gemma', contextLength: 9 })]),
  ).toEqual([])
})

test('prompts that became other tokens are not the same, but for a model or a backend of its own', () => {
  expect(differences(quantization, formats, [prompted(7), prompted(9)])).toEqual([
    { field: 'prompts.tokens', base: 'p1: 7', against: 'p1: 9' },
  ])
  expect(fieldsOf('model', ['a', 'b'], [prompted(7), prompted(9)])).toEqual([])
  expect(fieldsOf('backend', ['a', 'b'], [prompted(7), prompted(9)])).toEqual([])
})

test('another machine is hardware, and is named where it is none', () => {
  const other: Side = { manifest: (manifest) => ({ ...manifest, host: { ...manifest.host, cpu: 'Arm', cores: 4 } }) }
  expect(fieldsOf(quantization, formats, [{}, other])).toEqual(['host.cpu', 'host.cores'])
  expect(fieldsOf('hardware', ['x', 'y'], [{}, other])).toEqual([])
})

test('an ordinary commit breaks nothing, a raised measurement version does', () => {
  expect(fieldsOf(quantization, formats, [{}, tool({ commit: 'ffff', version: '0.2.0', dirty: true })])).toEqual([])
  expect(fieldsOf('backend', ['a', 'b'], [{}, tool({ measurement: 4 })])).toEqual(['tool.measurement'])
})

test('conditions are none of the setup: free memory, load, temperature', () => {
  const busy: Side = { manifest: (manifest) => ({ ...manifest, conditions: { freeMemoryBytes: 1, loadAverage: 9 } }) }
  expect(fieldsOf(quantization, formats, [{}, busy])).toEqual([])
})

test('only what two arms differ in of a treatment is free', () => {
  const arms = [
    { axes: { quantization: 'f16', backend: 'a' }, trial: () => decoded(100) },
    { axes: { quantization: 'q4_0', backend: 'a' }, trial: () => decoded(100), manifest: engine({ build: 'b2' }) },
  ]
  expect(comparePlan(comparedOf({ arms })).comparisons[0]?.cells[0]?.metrics[0]?.verdict).toMatchObject({
    row: 'not-comparable',
    differences: [{ field: 'engine.build' }],
  })
})

test('what is not comparable is not estimated, and of long texts the part is shown where they part', () => {
  const [difference] = differences(quantization, formats, [ending('one'), ending('two')])
  expect(difference?.base).toContain('one')
  expect(difference?.against).toContain('two')
  expect(difference?.base.length).toBeLessThan(130)
  const arms = [
    { axes: { quantization: 'f16' }, trial: () => decoded(100) },
    { axes: { quantization: 'q' }, trial: () => decoded(110), manifest: engine({ build: 'b2' }) },
  ]
  expect(comparePlan(comparedOf({ arms })).comparisons[0]?.cells[0]?.metrics[0]?.estimate).toBeUndefined()
})

test('what a launch saw that failed is none of an arm’s setup, as nothing of it is compared', () => {
  const once: Side = {
    trial: (block) => (block === 0 ? { status: 'failed', reason: 'crashed' } : decoded(100)),
    manifest: (manifest, block) => (block === 0 ? engine({ build: 'b0' })(manifest) : manifest),
  }
  expect(fieldsOf(quantization, formats, [{}, once])).toEqual([])
})

test('another build of an engine may be another in all that it says of itself, but not in what it is asked', () => {
  const old: Side = {
    config: withBackend(launched({}, { program: 'old/vllm' })),
    manifest: vllm({ attention: 'TRITON' }, 'd', { version: '0.10', build: 'torch 2.8' }),
  }
  const now: Side = { config: withBackend(launched({})), manifest: vllm({ attention: 'FLASH_ATTN' }, 'd') }
  const builds = ['old/vllm', 'current'] as const
  expect(fieldsOf('backend.program', builds, [old, now])).toEqual([])
  expect(fieldsOf('quantization', builds, [old, now])).toContain('backend.program')
  const salted: Side = { ...now, config: withBackend(launched({}, { salt: false })) }
  expect(fieldsOf('backend.program', builds, [old, salted])).toEqual(['backend.salt'])
})
