import type { SpoolRecord } from '../domain/record.ts'

export type ParsedRecords = {
  records: SpoolRecord[]
  /** At which the last of them ends. */
  endOffset: number
  /** What follows is no record: the disk lost it, or somebody wrote into the spool. */
  damaged: boolean
}

const newline = 10

/** The whole records in what was read of a spool from `offset` on; half a record at the end is yet to be written. */
export function parseRecords(bytes: Uint8Array, offset: number): ParsedRecords {
  const records: SpoolRecord[] = []
  let start = 0
  for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
    const record = parseRecord(bytes.subarray(start, end))
    if (record === undefined) return { records, endOffset: offset + start, damaged: true }
    records.push(record)
    start = end + 1
  }
  return { records, endOffset: offset + start, damaged: false }
}

function parseRecord(line: Uint8Array): SpoolRecord | undefined {
  try {
    const record = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line)) as SpoolRecord | null
    return typeof record?.n === 'number' ? record : undefined
  } catch {
    return undefined
  }
}
