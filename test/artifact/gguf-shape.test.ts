import { expect, test } from 'vitest'
import { describeGguf } from '../../lib/artifact/describe-gguf.ts'
import type { GgufEntry } from '../../lib/artifact/encode-gguf-header.ts'
import { parseGgufHeader } from '../../lib/artifact/gguf-header.ts'
import { readGgufHeader } from '../../lib/artifact/read-gguf.ts'
import { smallMetadata, smallModel, sourceOf } from './small-gguf.ts'

const u32 = (value: number): GgufEntry => ({ type: 'u32', value })
const numbers = (...value: number[]): GgufEntry => ({ type: 'i32s', value })

function shapeOf(architecture: string, sizes: Readonly<Record<string, GgufEntry>>) {
  const own = Object.fromEntries(
    Object.entries({ context_length: u32(128), block_count: u32(4), embedding_length: u32(64), ...sizes }).map(
      ([key, entry]) => [`${architecture}.${key}`, entry],
    ),
  )
  const metadata = {
    ...smallMetadata,
    'general.architecture': { type: 'string', value: architecture } as const,
    ...own,
  }
  return describeGguf(parseGgufHeader(sourceOf(smallModel(metadata)))).shape
}

test('the demo model: two of four heads have keys and values of their own', () => {
  const { shape } = describeGguf(readGgufHeader('data/models/demo/demo-q4_k_m.gguf'))
  expect(shape).toMatchObject({ layers: 4, width: 256, feedForward: 768, heads: 4, kvPerToken: 4 * 2 * (64 + 64) })
  expect(Object.keys(shape?.matrixBytes ?? {}).toSorted()).toEqual(['Q4_K', 'Q6_K'])
})

test('heads and feed-forward lengths may differ from layer to layer', () => {
  const shape = shapeOf('llama', {
    'attention.head_count': numbers(8, 8, 8, 8),
    'attention.head_count_kv': numbers(8, 4, 2, 0),
    feed_forward_length: numbers(64, 128, 256, 64),
  })
  expect(shape).toMatchObject({ heads: 8, feedForward: 256, kvPerToken: (8 + 4 + 2) * 16 })
})

test('gemma3 has one layer of six that sees the whole context', () => {
  const heads = { 'attention.head_count': u32(4), 'attention.head_count_kv': u32(1) }
  const shape = shapeOf('gemma3', { ...heads, block_count: u32(12), 'attention.sliding_window': u32(512) })
  expect(shape).toMatchObject({ kvPerToken: 2 * 32, sliding: { kvPerToken: 10 * 32, tokens: 512 } })
})

test('a window of which nothing says where it holds is taken as if it held nowhere', () => {
  const heads = { 'attention.head_count': u32(4), 'attention.sliding_window': u32(512) }
  expect(shapeOf('mystery', heads)).not.toHaveProperty('sliding')
})

test('mamba keeps a state and no cache', () => {
  const ssm = { 'ssm.state_size': u32(16), 'ssm.inner_size': u32(128), 'ssm.conv_kernel': u32(4) }
  expect(shapeOf('mamba', ssm)).toMatchObject({ kvPerToken: 0, stateBytes: 4 * 4 * (3 * 128 + 16 * 128) })
})

test('with experts the width is that of those that one token uses', () => {
  const experts = { expert_count: u32(8), expert_used_count: u32(2), expert_feed_forward_length: u32(100) }
  expect(shapeOf('qwen3moe', { ...experts, 'attention.head_count': u32(4) })).toMatchObject({ feedForward: 200 })
})

test('without layers or width nothing is said', () => {
  expect(shapeOf('llama', { block_count: u32(0) })).toBeUndefined()
  expect(shapeOf('llama', { block_count: u32(4_000_000_000) })).toBeUndefined()
})
