import { ggmlType } from './ggml-type.ts'
import { ggufAlignment, roundUp } from './gguf-header.ts'

/** A metadata value with the type that it is written as. */
export type GgufEntry =
  | { type: 'u32' | 'f32'; value: number }
  | { type: 'bool'; value: boolean }
  | { type: 'string'; value: string }
  | { type: 'strings'; value: readonly string[] }
  | { type: 'i32s'; value: readonly number[] }
/** `type` is ggml's number; the first dimension is that of a row. */
export type GgufTensorShape = { name: string; shape: readonly number[]; type: number }

const typeNumbers = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const

/** Everything before the weights of a GGUF file of version 3, padded so that the first tensor follows it. */
export function encodeGgufHeader(
  metadata: Readonly<Record<string, GgufEntry>>,
  tensors: readonly GgufTensorShape[],
): Buffer {
  const entries = Object.entries(metadata)
  const header = Buffer.concat([
    Buffer.from('GGUF'),
    u32(3),
    u64(tensors.length),
    u64(entries.length),
    ...entries.flatMap(([key, entry]) => [text(key), ...encodeEntry(entry)]),
    ...encodeTensorInfos(tensors),
  ])
  return Buffer.concat([header], roundUp(header.length, ggufAlignment))
}

/** Bytes of a tensor's weights, without padding. */
export function tensorBytes({ shape, type }: GgufTensorShape): number {
  const { weights, bytes } = ggmlType(type)!
  return (shape.reduce((product, size) => product * size, 1) / weights) * bytes
}

function encodeEntry(entry: GgufEntry): Buffer[] {
  switch (entry.type) {
    case 'u32':
      return [u32(typeNumbers.u32), u32(entry.value)]
    case 'f32':
      return [u32(typeNumbers.f32), f32(entry.value)]
    case 'bool':
      return [u32(typeNumbers.bool), Buffer.from([entry.value ? 1 : 0])]
    case 'string':
      return [u32(typeNumbers.string), text(entry.value)]
    case 'strings':
      return [...arrayHead(typeNumbers.string, entry.value.length), ...entry.value.map(text)]
    case 'i32s':
      return [...arrayHead(typeNumbers.i32, entry.value.length), ...entry.value.map(u32)]
  }
}

const arrayHead = (type: number, length: number) => [u32(typeNumbers.array), u32(type), u64(length)]

function encodeTensorInfos(tensors: readonly GgufTensorShape[]): Buffer[] {
  let offset = 0
  return tensors.flatMap((tensor) => {
    const info = [text(tensor.name), u32(tensor.shape.length), ...tensor.shape.map(u64), u32(tensor.type), u64(offset)]
    offset += roundUp(tensorBytes(tensor), ggufAlignment)
    return info
  })
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([u64(bytes.length), bytes])
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return bytes
}
