import type { ModelShape } from '../domain/model-shape.ts'
import type { GgufHeader } from './gguf-header.ts'

/** Of how many layers one sees the whole context, where an architecture does not write it down (llama.cpp, `set_swa_pattern`). */
const slidingPatterns: Readonly<Record<string, number>> = { gemma2: 2, gemma3: 6, gemma3n: 5, 'gpt-oss': 2, cohere2: 4 }
const float32Bytes = 4
const mostLayers = 10_000

type Numbers = (key: string) => number | undefined

/** What a header says of the sizes that memory follows from; `undefined` where it leaves out layers, width or heads. */
export function ggufShape(header: GgufHeader, architecture: string): ModelShape | undefined {
  const number = (key: string) => atLeastZero(header.metadata.get(`${architecture}.${key}`))
  const layers = number('block_count')
  const width = number('embedding_length')
  const perLayer = (key: string) => listOf(header.metadata.get(`${architecture}.${key}`), layers ?? 0)
  if (!layers || !width || layers > mostLayers) return undefined
  const heads = Math.max(0, ...perLayer('attention.head_count'))
  const recurrent = recurrence(number, { architecture, layers })
  const cached = cachedPerLayer({ number, perLayer, heads, width, layers })
  const attended = cached.map((size, layer) => (recurrent.isRecurrent(layer) ? 0 : size))
  const sliding = slidingLayers(header, { architecture, layers, number })
  const sum = (keep: (layer: number) => boolean) =>
    attended.reduce((total, size, layer) => total + (keep(layer) ? size : 0), 0)
  const stateLayers = attended.filter((size) => size === 0).length
  return {
    layers,
    width,
    feedForward: feedForward(number, perLayer),
    heads,
    kvPerToken: sum((layer) => sliding?.has(layer) !== true),
    ...(sliding && {
      sliding: { kvPerToken: sum((layer) => sliding.has(layer)), tokens: number('attention.sliding_window') as number },
    }),
    ...(recurrent.stateBytes > 0 && { stateBytes: recurrent.stateBytes * stateLayers }),
    matrixBytes: matrixBytes(header),
  }
}

function cachedPerLayer(sizes: {
  number: Numbers
  perLayer: (key: string) => number[]
  heads: number
  width: number
  layers: number
}): number[] {
  const { number, perLayer, heads, width, layers } = sizes
  const byHead = heads === 0 ? 0 : width / heads
  const head = (number('attention.key_length') ?? byHead) + (number('attention.value_length') ?? byHead)
  const keyValueHeads = perLayer('attention.head_count_kv')
  return Array.from({ length: layers }, (_, layer) => (keyValueHeads[layer] ?? heads) * head)
}

/** With experts, what one token passes through. */
function feedForward(number: Numbers, perLayer: (key: string) => number[]): number {
  const dense = Math.max(0, ...perLayer('feed_forward_length'))
  const expert = number('expert_feed_forward_length') ?? (number('expert_count') ? dense : 0)
  return Math.max(dense, expert * (number('expert_used_count') ?? 0))
}

/** Which layers keep a state of fixed size in place of a cache, and how many bytes (as `llama_hparams::n_embd_r` and `n_embd_s`). */
function recurrence(number: Numbers, { architecture, layers }: { architecture: string; layers: number }) {
  const [state = 0, inner = 0] = [number('ssm.state_size'), number('ssm.inner_size')]
  const convolution = Math.max(0, (number('ssm.conv_kernel') ?? 0) - 1)
  const elements = convolution * (inner + 2 * (number('ssm.group_count') ?? 0) * state) + state * inner
  const interval = number('full_attention_interval')
  const isRecurrent = (layer: number) =>
    elements > 0 && (/^mamba2?$/.test(architecture) || (interval !== undefined && (layer + 1) % interval !== 0))
  return { stateBytes: layers > 0 ? elements * float32Bytes : 0, isRecurrent }
}

/** The layers that see a part of the context only; `undefined` where none does, or where the header leaves open which. */
function slidingLayers(
  { metadata }: GgufHeader,
  { architecture, layers, number }: { architecture: string; layers: number; number: Numbers },
): ReadonlySet<number> | undefined {
  if (!number('attention.sliding_window')) return undefined
  const written = metadata.get(`${architecture}.attention.sliding_window_pattern`)
  const all = Array.from({ length: layers }, (_, layer) => layer)
  if (typeof written === 'object' && written.numbers !== undefined)
    return new Set(all.filter((layer) => written.numbers?.[layer]))
  const every = atLeastZero(written) ?? slidingPatterns[architecture]
  return every ? new Set(all.filter((layer) => layer % every < every - 1)) : undefined
}

/** Embeddings are looked up, not multiplied, unless they serve as the output too. */
function matrixBytes({ tensors }: GgufHeader): Record<string, number> {
  const isTied = tensors.every(({ name }) => name !== 'output.weight')
  const bytes: Record<string, number> = {}
  for (const { name, type, bytes: size } of tensors) {
    if (type.name === 'F32' || (name === 'token_embd.weight' && !isTied)) continue
    bytes[type.name] = (bytes[type.name] ?? 0) + size
  }
  return bytes
}

function atLeastZero(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 40
    ? (value as number)
    : undefined
}

/** One number for all layers, or one for each. */
function listOf(value: unknown, layers: number): number[] {
  const one = atLeastZero(value)
  if (one !== undefined) return Array.from({ length: Math.min(layers, mostLayers) }, () => one)
  const { numbers } = (typeof value === 'object' && value !== null ? value : {}) as { numbers?: readonly number[] }
  return (numbers ?? []).map((entry) => atLeastZero(entry) ?? 0)
}
