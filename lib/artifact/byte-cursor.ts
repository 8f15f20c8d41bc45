import { thousands } from '../domain/thousands.ts'
import { truncated, unreadable } from './gguf-error.ts'

/** Bytes that can be read in any order; `read` may return fewer than asked for, and none past the end. */
export type ByteSource = { name: string; bytes: number; read: (offset: number, length: number) => Uint8Array }

const windowBytes = 256 * 1024
const none = new DataView(new ArrayBuffer(0))

/**
 * Reads little-endian values one after another through one small window: what it holds does not grow with what a file
 * claims to hold. Every read past the end or past `limit` is a `UserError` that names the file.
 */
export class ByteCursor {
  readonly source: ByteSource
  readonly #limit: number
  #position = 0
  #window: DataView = none
  #windowStart = 0

  constructor(source: ByteSource, limit: number) {
    this.source = source
    this.#limit = limit
  }

  get position(): number {
    return this.#position
  }

  /** Bytes between here and the end of the file. */
  get left(): number {
    return this.source.bytes - this.#position
  }

  u8(): number {
    return this.#view(1).getUint8(0)
  }

  u32(): number {
    return this.#view(4).getUint32(0, true)
  }

  /** Exact up to 2^53; beyond that the nearest number. */
  u64(): number {
    return Number(this.#view(8).getBigUint64(0, true))
  }

  i64(): number {
    return Number(this.#view(8).getBigInt64(0, true))
  }

  f32(): number {
    return this.#view(4).getFloat32(0, true)
  }

  f64(): number {
    return this.#view(8).getFloat64(0, true)
  }

  /** `length` is the caller's bounded number, never the file's own. */
  text(length: number): string {
    const { buffer, byteOffset } = this.#view(length)
    return Buffer.from(buffer, byteOffset, length).toString()
  }

  skip(length: number): void {
    this.#require(length)
    this.#position += length
  }

  #require(length: number): void {
    if (length > this.left) throw this.#truncated()
    if (this.#position + length > this.#limit)
      throw unreadable(this.source.name, `its header is longer than ${thousands(this.#limit)} bytes`)
  }

  #truncated() {
    return truncated(this.source.name, this.source.bytes, 'its header goes on after that')
  }

  #view(length: number): DataView {
    this.#require(length)
    const start = this.#position - this.#windowStart
    if (start < 0 || start + length > this.#window.byteLength) return this.#refill(length)
    this.#position += length
    return new DataView(this.#window.buffer, this.#window.byteOffset + start, length)
  }

  #refill(length: number): DataView {
    const bytes = this.source.read(this.#position, Math.min(Math.max(windowBytes, length), this.left))
    if (bytes.byteLength < length) throw this.#truncated()
    this.#window = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#windowStart = this.#position
    this.#position += length
    return new DataView(bytes.buffer, bytes.byteOffset, length)
  }
}
