import { UserError } from '../domain/user-error.ts'
import { ByteCursor, type ByteSource } from './byte-cursor.ts'
import { ggmlType, type GgmlType } from './ggml-type.ts'
import { thousands } from '../domain/thousands.ts'
import { quoted, truncated, unreadable } from './gguf-error.ts'
import { readGgufMetadata, readGgufString, type GgufMetadata } from './gguf-metadata.ts'

export type GgufTensor = {
  name: string
  type: GgmlType
  /** Weights. */
  elements: number
  bytes: number
  /** From the start of the file. */
  offset: number
}
export type GgufHeader = {
  name: string
  metadata: GgufMetadata
  tensors: readonly GgufTensor[]
  /** Where the last tensor ends. */
  endsAt: number
}

/** Bytes to which tensors are padded, unless `general.alignment` says otherwise. */
export const ggufAlignment = 32

/** The largest tokenizers take some 20 MB: a longer header is no model's. */
const maxHeaderBytes = 128 * 1024 * 1024
const maxTensors = 100_000
const maxTensorNameBytes = 256
const maxDimensions = 4
const maxAlignment = 1024 * 1024

/**
 * Reads what stands before the weights of a GGUF file, version 2 or 3. Whatever the bytes are, it ends soon, holds
 * little and gives a header or a `UserError`. Counts are checked against the size of the file before anything is kept.
 */
export function parseGgufHeader(source: ByteSource): GgufHeader {
  const cursor = new ByteCursor(source, maxHeaderBytes)
  checkMagic(cursor)
  checkVersion(cursor)
  const tensorCount = cursor.u64()
  if (tensorCount > maxTensors) throw unreadable(source.name, `it claims ${thousands(tensorCount)} tensors`)
  const metadata = readGgufMetadata(cursor)
  const infos = Array.from({ length: tensorCount }, () => readTensorInfo(cursor))
  const alignment = alignmentOf(source.name, metadata)
  const dataStart = roundUp(cursor.position, alignment)
  const tensors = placeTensors(source.name, infos, { dataStart, alignment })
  const last = tensors.at(-1)
  const endsAt = last === undefined ? cursor.position : last.offset + last.bytes
  if (endsAt > source.bytes) throw truncated(source.name, source.bytes, `its tensors end at ${thousands(endsAt)}`)
  return { name: source.name, metadata, tensors, endsAt }
}

export const roundUp = (value: number, step: number) => Math.ceil(value / step) * step

function checkMagic(cursor: ByteCursor): void {
  const { name, bytes } = cursor.source
  if (bytes === 0) throw unreadable(name, 'it is empty')
  const magic = cursor.text(Math.min(4, bytes))
  if (magic !== 'GGUF') throw unreadable(name, `it begins with ${quoted(magic)}, not with "GGUF"`)
}

function checkVersion(cursor: ByteCursor): void {
  const { name } = cursor.source
  const version = cursor.u32()
  if (version === 2 || version === 3) return
  // A version is small: where its low half is empty, the bytes stand the other way round.
  if (version !== 0 && (version & 0xffff) === 0)
    throw new UserError(`${name} is a big-endian GGUF file, which is not supported: convert it to little-endian`)
  throw new UserError(`${name} is a GGUF file of version ${version}; versions 2 and 3 are supported: convert it anew`)
}

type TensorInfo = Omit<GgufTensor, 'offset'> & { relativeOffset: number }

function readTensorInfo(cursor: ByteCursor): TensorInfo {
  const file = cursor.source.name
  const name = readGgufString(cursor, maxTensorNameBytes, 'a tensor name')
  const label = `tensor ${quoted(name)}`
  const dimensions = cursor.u32()
  if (dimensions < 1 || dimensions > maxDimensions) throw unreadable(file, `${label} has ${dimensions} dimensions`)
  const shape = Array.from({ length: dimensions }, () => cursor.u64())
  const typeNumber = cursor.u32()
  const relativeOffset = cursor.u64()
  const type = ggmlType(typeNumber)
  if (type === undefined) throw unreadable(file, `${label} has type ${typeNumber}, which this version does not know`)
  const elements = shape.reduce((product, size) => product * size, 1)
  if (elements < 1 || elements > Number.MAX_SAFE_INTEGER / 8 || (shape[0] as number) % type.weights !== 0)
    throw unreadable(file, `${label} has the shape ${shape.join(' x ')}, which ${type.name} cannot have`)
  return { name, type, elements, bytes: (elements / type.weights) * type.bytes, relativeOffset }
}

function alignmentOf(file: string, metadata: GgufMetadata): number {
  const alignment = metadata.get('general.alignment') ?? ggufAlignment
  const isSmall = typeof alignment === 'number' && alignment >= 1 && alignment <= maxAlignment
  if (!isSmall || (alignment & (alignment - 1)) !== 0 || !Number.isInteger(alignment))
    throw unreadable(file, 'its general.alignment is not a power of two')
  return alignment
}

/** Tensors must follow one another, as llama.cpp demands too: none can then be counted twice. */
function placeTensors(file: string, infos: readonly TensorInfo[], place: { dataStart: number; alignment: number }) {
  let expected = 0
  return infos.map(({ relativeOffset, ...info }): GgufTensor => {
    if (relativeOffset !== expected)
      throw unreadable(
        file,
        `tensor ${quoted(info.name)} lies at ${thousands(relativeOffset)}, not at ${thousands(expected)}`,
      )
    expected += roundUp(info.bytes, place.alignment)
    return { ...info, offset: place.dataStart + relativeOffset }
  })
}
