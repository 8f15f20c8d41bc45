import { createHash } from 'node:crypto'
import type { ArtifactDescription, RandomType } from '../domain/cell.ts'
import { UserError } from '../domain/user-error.ts'
import { byteTokenizer, byteTokenizerSize } from './byte-tokenizer.ts'
import { describeGguf, randomWeightsKey } from './describe-gguf.ts'
import { encodeGgufHeader, type GgufEntry, type GgufTensorShape } from './encode-gguf-header.ts'
import { parseGgufHeader } from './gguf-header.ts'
import { randomModelShape, type LlamaShape } from './random-model-shape.ts'

/** Raised whenever the bytes change that a recipe gives. */
const generatorVersion = 2
const seed = 1
const minParameters = 5e6
const maxParameters = 1e9
const contextLength = 4096

const f32 = 0
/** ggml's number of the type, and llama.cpp's of the file type. */
const formats = {
  f16: { tensor: 1, file: 1 },
  q8_0: { tensor: 8, file: 7 },
  q4_0: { tensor: 2, file: 2 },
} as const satisfies Record<RandomType, { tensor: number; file: number }>

/** A model of random weights, known to the last byte before it is written. */
export type RandomModel = {
  type: RandomType
  seed: number
  /** SHA-256 in hex of the recipe. */
  digest: string
  fileName: string
  header: Buffer
  tensors: readonly GgufTensorShape[]
  bytes: number
  description: ArtifactDescription
}

/** Plans a llama of about `parameters` random weights, within 2 %. Throws a `UserError` outside 5e6 to 1e9. */
export function randomModel(parameters: number, type: RandomType): RandomModel {
  if (!Number.isInteger(parameters) || parameters < minParameters || parameters > maxParameters)
    throw new UserError(`a random model has 5e6 to 1e9 parameters, and not ${parameters}: state another number`)
  const recipe = JSON.stringify({ generator: generatorVersion, parameters, seed, type })
  const digest = createHash('sha256').update(recipe).digest('hex')
  const name = `random-${sizeLabel(parameters)}-${type}`
  const shape = randomModelShape(parameters, byteTokenizerSize)
  const tensors = llamaTensors(shape, formats[type].tensor)
  const header = encodeGgufHeader({ ...llamaMetadata(name, shape, type), ...byteTokenizer() }, tensors)
  const fileName = `${name}-${digest.slice(0, 8)}.gguf`
  return { type, seed, digest, fileName, header, tensors, ...measure(fileName, header) }
}

/** Described by the reader itself, so that a model looks the same before and after it is written. */
function measure(name: string, header: Buffer): { bytes: number; description: ArtifactDescription } {
  const read = (offset: number, length: number) => header.subarray(offset, offset + length)
  const parsed = parseGgufHeader({ name, bytes: Number.MAX_SAFE_INTEGER, read })
  return { bytes: parsed.endsAt, description: describeGguf(parsed) }
}

/** `5m`, `12.5m`, `1b`. */
function sizeLabel(parameters: number): string {
  return parameters < 1e9 ? `${parameters / 1e6}m` : `${parameters / 1e9}b`
}

const u32 = (value: number) => ({ type: 'u32', value }) as const

function llamaMetadata(name: string, shape: LlamaShape, type: RandomType): Readonly<Record<string, GgufEntry>> {
  return {
    'general.architecture': { type: 'string', value: 'llama' },
    'general.name': { type: 'string', value: name },
    'general.file_type': u32(formats[type].file),
    'general.quantization_version': u32(2),
    [randomWeightsKey]: { type: 'bool', value: true },
    'llama.context_length': u32(contextLength),
    'llama.embedding_length': u32(shape.width),
    'llama.block_count': u32(shape.layers),
    'llama.feed_forward_length': u32(shape.feedForward),
    'llama.attention.head_count': u32(shape.heads),
    'llama.attention.head_count_kv': u32(shape.heads),
    'llama.attention.layer_norm_rms_epsilon': { type: 'f32', value: 1e-5 },
    'llama.rope.dimension_count': u32(shape.width / shape.heads),
    'llama.rope.freq_base': { type: 'f32', value: 10_000 },
    'llama.vocab_size': u32(byteTokenizerSize),
  }
}

function llamaTensors({ width, layers, feedForward }: LlamaShape, type: number): GgufTensorShape[] {
  const norm = (name: string) => ({ name, shape: [width], type: f32 })
  const matrix = (name: string, from: number, to: number) => ({ name, shape: [from, to], type })
  const layer = (index: number) => [
    norm(`blk.${index}.attn_norm.weight`),
    matrix(`blk.${index}.attn_q.weight`, width, width),
    matrix(`blk.${index}.attn_k.weight`, width, width),
    matrix(`blk.${index}.attn_v.weight`, width, width),
    matrix(`blk.${index}.attn_output.weight`, width, width),
    norm(`blk.${index}.ffn_norm.weight`),
    matrix(`blk.${index}.ffn_gate.weight`, width, feedForward),
    matrix(`blk.${index}.ffn_up.weight`, width, feedForward),
    matrix(`blk.${index}.ffn_down.weight`, feedForward, width),
  ]
  return [
    matrix('token_embd.weight', width, byteTokenizerSize),
    ...Array.from({ length: layers }, (_, index) => layer(index)).flat(),
    norm('output_norm.weight'),
    matrix('output.weight', width, byteTokenizerSize),
  ]
}
