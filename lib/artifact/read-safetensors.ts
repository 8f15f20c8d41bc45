import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { UserError } from '../domain/user-error.ts'
import type { ByteSource } from './byte-cursor.ts'
import { thousands } from '../domain/thousands.ts'
import { quoted } from './gguf-error.ts'

export type SafetensorsTensor = { name: string; type: string; elements: number; bytes: number }

/** The largest models have some hundred thousand tensors of about a hundred bytes each. */
const maxHeaderBytes = 32 * 1024 * 1024
const maxDimensions = 16
const lengthBytes = 8
/** Bits of one number of each type. */
const bits: Readonly<Record<string, number>> = {
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E4M3: 8,
  F8_E5M2: 8,
  F8_E8M0: 8,
  U16: 16,
  I16: 16,
  F16: 16,
  BF16: 16,
  U32: 32,
  I32: 32,
  F32: 32,
  U64: 64,
  I64: 64,
  F64: 64,
  F4: 4,
}

/** A damaged file, or none of this kind. What `detail` takes from the file must be `quoted`. */
export function badSafetensors(name: string, detail: string): UserError {
  return new UserError(`${name} cannot be read as safetensors: ${detail}; fetch it again, or name another folder`)
}

/**
 * The tensors of a safetensors file, from its header alone: eight bytes with its length, then JSON. Whatever the bytes are, what
 * is read is bounded, and the result is a list or a `UserError` that calls the file `name`.
 */
export function readSafetensors(path: string, name = path): SafetensorsTensor[] {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const read = (offset: number, length: number) => {
      const target = Buffer.alloc(length)
      return target.subarray(0, readSync(file, target, 0, length, offset))
    }
    return parseSafetensors({ name, bytes: size, read })
  } finally {
    closeSync(file)
  }
}

/** The same of bytes that are read elsewhere. */
export function parseSafetensors(source: ByteSource): SafetensorsTensor[] {
  const { name, bytes, read } = source
  if (bytes < lengthBytes + 2) throw badSafetensors(name, `it has ${bytes} bytes only`)
  const length = Number(Buffer.from(read(0, lengthBytes)).readBigUInt64LE())
  if (length > maxHeaderBytes) throw badSafetensors(name, `its header claims ${thousands(length)} bytes`)
  if (length > bytes - lengthBytes)
    throw new UserError(
      `${name} is ${thousands(bytes)} bytes, its header goes on after that: it is truncated; fetch it again`,
    )
  const header = parsed(name, Buffer.from(read(lengthBytes, length)))
  const tensors = Object.entries(header).flatMap(([tensor, entry]) =>
    tensor === '__metadata__' ? [] : [tensorOf(name, tensor, entry)],
  )
  const end = tensors.reduce((last, tensor) => Math.max(last, tensor.end), 0) + lengthBytes + length
  if (end > bytes)
    throw new UserError(
      `${name} is ${thousands(bytes)} bytes, its tensors end at ${thousands(end)}: it is truncated; fetch it again`,
    )
  const total = tensors.reduce((sum, tensor) => sum + tensor.bytes, 0)
  if (total > bytes) throw badSafetensors(name, 'its tensors lie over one another')
  return tensors.map(({ name: tensor, type, elements, bytes: size }) => ({ name: tensor, type, elements, bytes: size }))
}

function parsed(name: string, text: Buffer): Readonly<Record<string, unknown>> {
  try {
    const header: unknown = JSON.parse(text.toString())
    if (typeof header === 'object' && header !== null && !Array.isArray(header))
      return header as Record<string, unknown>
  } catch {
    throw badSafetensors(name, 'its header is no JSON')
  }
  throw badSafetensors(name, 'its header is no JSON object')
}

function tensorOf(file: string, name: string, entry: unknown): SafetensorsTensor & { end: number } {
  const label = `tensor ${quoted(name.slice(0, 200))}`
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>
  if (!isCounts(shape) || shape.length > maxDimensions || !isCounts(offsets) || offsets.length !== 2)
    throw badSafetensors(file, `${label} has no shape or no place`)
  const size = typeof dtype === 'string' && Object.hasOwn(bits, dtype) ? bits[dtype] : undefined
  if (size === undefined)
    throw badSafetensors(
      file,
      `${label} has a type that this version does not know (${quoted(String(dtype).slice(0, 40))})`,
    )
  const elements = shape.reduce((product, length) => product * length, 1)
  const bytes = (elements * size) / 8
  const [start, end] = offsets as [number, number]
  if (!Number.isSafeInteger(elements) || end - start !== bytes)
    throw badSafetensors(file, `${label} has ${thousands(end - start)} bytes, its shape asks for ${thousands(bytes)}`)
  return { name, type: dtype as string, elements, bytes, end }
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && (entry as number) >= 0)
}
