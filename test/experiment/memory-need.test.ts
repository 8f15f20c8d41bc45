import { expect, test } from 'vitest'
import { randomModel } from '../../lib/artifact/random-model.ts'
import type { ArtifactDescription, RandomType } from '../../lib/domain/cell.ts'
import { whyNoFit } from '../../lib/experiment/memory-fit.ts'
import { memoryNeed, type SizedCell, totalBytes } from '../../lib/experiment/memory-need.ts'

const repacked = ['Q4_0', 'Q4_K']
const bench = { name: 'bench', kind: 'prefill-decode', promptTokens: 512, outputTokens: 16, depth: 0, seed: 1 } as const
type Change = Partial<SizedCell['config']['backend']> & {
  clients?: number
  accelerator?: 'cpu' | 'cuda'
  workload?: SizedCell['config']['workload']
}

function cell(description: ArtifactDescription, change: Change = {}): SizedCell {
  const { clients = 1, accelerator = 'cpu', workload = bench, ...backend } = change
  return {
    artifact: { digest: 'd', path: 'm.gguf', description },
    config: {
      backend: {
        name: 'llama.cpp',
        kind: 'llama.cpp',
        threads: 1,
        batchSize: 512,
        contextSize: 2048,
        flashAttention: true,
        mmap: true,
        ...backend,
      },
      hardware: { needs: { accelerator } },
      load: { kind: 'closed', clients, requests: 1 },
      workload,
    },
  }
}

const random = (parameters: number, type: RandomType) => randomModel(parameters, type).description

// Peaks of PSS in megabytes that the harness measured with llama.cpp v0.4.0 on an x86 machine with AVX2, one launch each.
const measured: readonly [RandomType, number, number, number][] = [
  ['f16', 2048, 1, 258],
  ['f16', 2048, 4, 383.8],
  ['f16', 8192, 1, 379.7],
  ['f16', 8192, 4, 912.6],
  ['q8_0', 2048, 1, 201.2],
  ['q8_0', 2048, 4, 335.4],
  ['q8_0', 8192, 4, 866.1],
  ['q4_0', 2048, 1, 202.3],
  ['q4_0', 2048, 4, 346.9],
  ['q4_0', 8192, 1, 343.2],
  ['q4_0', 8192, 4, 875.7],
]

test.each(measured)(
  '%s of 50 million weights, context %i, %i clients: what was measured',
  (type, contextSize, clients, mb) => {
    const need = memoryNeed(cell(random(50e6, type), { contextSize, clients }), repacked)
    const error = totalBytes(need!.memory) / (mb * 1e6) - 1
    expect(error).toBeGreaterThan(-0.05)
    expect(error).toBeLessThan(0.1)
  },
)

test('without flash attention the scores of the attention stand in memory: 101.5 MiB, as llama.cpp logs', () => {
  const [without, with_] = [false, true].map((flashAttention) =>
    memoryNeed(cell(random(300e6, 'q4_0'), { flashAttention }), repacked),
  )
  const more = without!.memory.overheadBytes - with_!.memory.overheadBytes
  expect(Math.round(more / 2 ** 20)).toBe(Math.round(101.51 - 32.45))
})

const weights = (mmap: boolean, types: readonly string[]) =>
  memoryNeed(cell(random(50e6, 'q4_0'), { mmap }), types)!.memory.weightsBytes / 1e6

test('a second copy of the weights only where the file is mapped and the processor wants one', () => {
  expect([weights(true, repacked), weights(true, []), weights(false, repacked)].map(Math.round)).toEqual([56, 28, 28])
})

test('on a GPU weights, cache and buffers count there, by the share of the layers', () => {
  const description = random(1e9, 'f16')
  const all = memoryNeed(cell(description, { accelerator: 'cuda' }), repacked)!
  expect(all.memory).toMatchObject({ weightsBytes: 0, kvCacheBytes: 0 })
  expect(all.vram?.weightsBytes).toBe(description.tensorBytes)
  const third = memoryNeed(cell(description, { accelerator: 'cuda', gpuLayers: 7 }), [])!
  expect(third.vram!.weightsBytes + third.memory.weightsBytes).toBe(description.tensorBytes)
  expect(third.vram!.weightsBytes / description.tensorBytes).toBeCloseTo(7 / 21)
})

test('perplexity holds the logits of a window', () => {
  const quality = { name: 'q', kind: 'perplexity', text: { id: 't', text: '' }, context: 512 } as const
  const description = { ...random(50e6, 'f16'), vocabulary: 128_000 }
  const more = totalBytes(memoryNeed(cell(description, { workload: quality }), [])!.memory)
  expect(more - totalBytes(memoryNeed(cell(description), [])!.memory)).toBeGreaterThan(512 * 128_000 * 4)
})

test('layers with a window and layers with a state do not grow with the context', () => {
  const shape = { layers: 4, width: 1024, feedForward: 4096, heads: 8, kvPerToken: 1000, matrixBytes: {} }
  const cache = (contextSize: number, more: object) =>
    memoryNeed(cell({ ...random(50e6, 'f16'), shape: { ...shape, ...more } }, { contextSize }), [])!.memory.kvCacheBytes
  expect(cache(32_768, {}) / cache(8192, {})).toBe(4)
  const sliding = { sliding: { kvPerToken: 5000, tokens: 1024 } }
  expect(cache(32_768, sliding) - cache(32_768, {})).toBe(cache(8192, sliding) - cache(8192, {}))
  expect(cache(2048, { stateBytes: 777 }) - cache(2048, {})).toBe(777)
})

test('a cell that does not fit says what it needs, by parts, and what there is', () => {
  const large: ArtifactDescription = {
    ...random(1e9, 'f16'),
    tensorBytes: 13.1e9,
    shape: { layers: 32, width: 4096, feedForward: 11_008, heads: 32, kvPerToken: 262_144, matrixBytes: {} },
  }
  const asked = cell(large, { contextSize: 4096 })
  expect(whyNoFit(asked, { memoryBytes: 8e9, repacked })).toMatchInlineSnapshot(
    `"needs 15.4 GB (weights 13.1, KV cache 2.1, overhead 0.2), the target has 8.0 GB"`,
  )
  expect(whyNoFit(asked, { memoryBytes: 17e9, repacked })).toBeUndefined()
  expect(whyNoFit(asked, { repacked })).toBeUndefined()
  const onGpu = cell(large, { contextSize: 4096, accelerator: 'cuda' })
  expect(whyNoFit(onGpu, { memoryBytes: 8e9, vramBytes: 8e9, repacked })).toMatchInlineSnapshot(
    `"needs 15.9 GB of GPU memory (weights 13.1, KV cache 2.1, overhead 0.6), the target has 8.0 GB"`,
  )
  expect(whyNoFit(onGpu, { memoryBytes: 8e9, vramBytes: 24e9, repacked })).toBeUndefined()
  expect(whyNoFit(cell(random(5e6, 'f16')), { memoryBytes: 50e6, repacked })).toMatchInlineSnapshot(
    `"needs 123 MB (weights 10, KV cache 13, overhead 100), the target has 50 MB"`,
  )
})

test('where rounding would make both figures the same there are more digits; what fits exactly fits', () => {
  const asked = cell({ ...random(1e9, 'f16'), tensorBytes: 7.9e9 }, {})
  const bytes = totalBytes(memoryNeed(asked, [])!.memory)
  const why = (memoryBytes: number) => whyNoFit(asked, { memoryBytes, repacked: [] })
  expect(why(bytes)).toBeUndefined()
  expect(why(bytes - 20e6)).toMatchInlineSnapshot(
    `"needs 8.38 GB (weights 7.90, KV cache 0.34, overhead 0.14), the target has 8.36 GB"`,
  )
  expect(why(bytes - 1)).toMatchInlineSnapshot(
    `"needs 8.379448832 GB (weights 7.900000000, KV cache 0.335544320, overhead 0.143904512), the target has 8.379448831 GB"`,
  )
})
