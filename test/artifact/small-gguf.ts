import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ByteSource } from '../../lib/artifact/byte-cursor.ts'
import { encodeGgufHeader, type GgufEntry, type GgufTensorShape } from '../../lib/artifact/encode-gguf-header.ts'

const u32 = (value: number): GgufEntry => ({ type: 'u32', value })

export const smallMetadata: Readonly<Record<string, GgufEntry>> = {
  'general.architecture': { type: 'string', value: 'llama' },
  'general.file_type': u32(2),
  'llama.context_length': u32(128),
  'llama.attention.layer_norm_rms_epsilon': { type: 'f32', value: 0.5 },
  'tokenizer.ggml.tokens': { type: 'strings', value: ['a', 'b', 'c'] },
  'tokenizer.ggml.token_type': { type: 'i32s', value: [1, 1, 1] },
  'tokenizer.ggml.add_bos_token': { type: 'bool', value: true },
}
/** 96 Q4_0 weights in 54 bytes, padded to 64, and 5 of F32 in 20 bytes. */
export const smallTensors: readonly GgufTensorShape[] = [
  { name: 'token_embd.weight', shape: [32, 3], type: 2 },
  { name: 'output_norm.weight', shape: [5], type: 0 },
]
export const smallTensorBytes = 64 + 20

export function smallHeader(metadata = smallMetadata, tensors = smallTensors): Buffer {
  return encodeGgufHeader(metadata, tensors)
}

/** A whole small model: its header and weights of zero. */
export function smallModel(metadata = smallMetadata, tensors = smallTensors): Buffer {
  return Buffer.concat([smallHeader(metadata, tensors), Buffer.alloc(smallTensorBytes)])
}

export function sourceOf(bytes: Buffer, claimedBytes = bytes.length): ByteSource {
  return {
    name: 'demo.gguf',
    bytes: claimedBytes,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  }
}

export async function temporaryFolder(): Promise<AsyncDisposable & { path: string; file: (name: string) => string }> {
  const path = await mkdtemp(join(tmpdir(), 'benchbook-artifact-'))
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}
