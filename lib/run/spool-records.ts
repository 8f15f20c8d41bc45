import type { SpoolRecord } from '../domain/record.ts'

const newline = 10

/** The whole records in what was read of a spool from `offset` on, and the offset at which the last of them ends. */
export function parseRecords(bytes: Uint8Array, offset: number): { records: SpoolRecord[]; endOffset: number } {
  const end = bytes.lastIndexOf(newline) + 1
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('utf8').split('\n').slice(0, -1)
  return { records: lines.map((line) => JSON.parse(line) as SpoolRecord), endOffset: offset + end }
}
