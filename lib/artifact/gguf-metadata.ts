import type { ByteCursor } from './byte-cursor.ts'
import { thousands } from '../domain/thousands.ts'
import { quoted, unreadable } from './gguf-error.ts'

/** A scalar, a short text, or of an array how long it is and what it says of each layer; a long text is left out. */
export type GgufValue = number | boolean | string | GgufList | undefined
export type GgufList = { length: number; numbers?: readonly number[] }
export type GgufMetadata = ReadonlyMap<string, GgufValue>

const maxKeys = 10_000
const maxKeyBytes = 256
const maxKeptTextBytes = 1024
const maxLayers = 10_000
/** The lists with an entry for each layer. */
const perLayer = /\.(feed_forward_length|attention\.(head_count|head_count_kv|sliding_window_pattern))$/

const stringType = 8
const arrayType = 9
/** By the number that the file writes: how many bytes a value takes, and how it is read. */
const scalars: Readonly<Record<number, { bytes: number; read: (cursor: ByteCursor) => number | boolean }>> = {
  0: { bytes: 1, read: (cursor) => cursor.u8() },
  1: { bytes: 1, read: (cursor) => (cursor.u8() << 24) >> 24 },
  2: { bytes: 2, read: (cursor) => cursor.u8() | (cursor.u8() << 8) },
  3: { bytes: 2, read: (cursor) => ((cursor.u8() | (cursor.u8() << 8)) << 16) >> 16 },
  4: { bytes: 4, read: (cursor) => cursor.u32() },
  5: { bytes: 4, read: (cursor) => cursor.u32() | 0 },
  6: { bytes: 4, read: (cursor) => cursor.f32() },
  7: { bytes: 1, read: (cursor) => cursor.u8() !== 0 },
  10: { bytes: 8, read: (cursor) => cursor.u64() },
  11: { bytes: 8, read: (cursor) => cursor.i64() },
  12: { bytes: 8, read: (cursor) => cursor.f64() },
}

/** Reads the count of keys and the keys with their values. */
export function readGgufMetadata(cursor: ByteCursor): GgufMetadata {
  const { name } = cursor.source
  const keys = cursor.u64()
  if (keys > maxKeys) throw unreadable(name, `it claims ${thousands(keys)} metadata keys`)
  const metadata = new Map<string, GgufValue>()
  for (let index = 0; index < keys; index += 1) {
    const key = readGgufString(cursor, maxKeyBytes, 'a metadata key')
    if (metadata.has(key)) throw unreadable(name, `it has the key ${quoted(key)} twice`)
    metadata.set(key, readValue(cursor, key))
  }
  return metadata
}

/** A text that must not be longer than `maxBytes`. */
export function readGgufString(cursor: ByteCursor, maxBytes: number, what: string): string {
  const length = cursor.u64()
  if (length > maxBytes) throw unreadable(cursor.source.name, `${what} claims ${thousands(length)} bytes`)
  return cursor.text(length)
}

function readValue(cursor: ByteCursor, key: string): GgufValue {
  const type = cursor.u32()
  if (type === stringType) return readTextValue(cursor)
  if (type === arrayType) return readArray(cursor, key)
  const scalar = scalars[type]
  if (scalar === undefined) throw unknownType(cursor, key, type)
  return scalar.read(cursor)
}

function readTextValue(cursor: ByteCursor): string | undefined {
  const length = cursor.u64()
  if (length <= maxKeptTextBytes) return cursor.text(length)
  cursor.skip(length)
  return undefined
}

function readArray(cursor: ByteCursor, key: string): GgufList {
  const type = cursor.u32()
  const length = cursor.u64()
  const scalar = scalars[type]
  if (type !== stringType && scalar === undefined) throw unknownType(cursor, key, type)
  if (length * (scalar?.bytes ?? 8) > cursor.left)
    throw unreadable(
      cursor.source.name,
      `the list ${quoted(key)} claims ${thousands(length)} entries, more than the file holds`,
    )
  if (scalar !== undefined && length <= maxLayers && perLayer.test(key))
    return { length, numbers: Array.from({ length }, () => Number(scalar.read(cursor))) }
  if (scalar === undefined) for (let index = 0; index < length; index += 1) cursor.skip(cursor.u64())
  else cursor.skip(length * scalar.bytes)
  return { length }
}

function unknownType(cursor: ByteCursor, key: string, type: number) {
  return unreadable(cursor.source.name, `${quoted(key)} has a value of the unknown type ${type}`)
}
