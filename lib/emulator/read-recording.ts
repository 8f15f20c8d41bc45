import { readFileSync, statSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'
import type { RecordedStream } from '../domain/timeline.ts'
import { UserError } from '../domain/user-error.ts'
import { checkValue, withPath } from '../parse/check-value.ts'
import { z } from '../parse/schema.ts'

/** A response as it is to be written again: each read with its time after the request. No bytes are an end in good order. */
export type Recording = readonly { atUs: number; bytes: string }[]

const mostBytes = 67_108_864
const whole = z.int().min(0)
const schema = z.object({
  deltasUs: z.array(whole).min(1),
  lengths: z.array(whole).min(1),
  bytes: z.string(),
})

/** Reads a recorded stream: as JSON, or the bytes of a response alone. Throws a `UserError` where it is neither. */
export function readRecording(path: string): Recording {
  const bytes = readBytes(path)
  if (bytes.subarray(0, 5).toString('latin1') === 'HTTP/') return [{ atUs: 0, bytes: bytes.toString('latin1') }]
  const checked = checkValue(schema, parse(path, bytes.toString()))
  if (checked.status === 'ok') return toRecording(path, checked.value)
  throw wrong(path, checked.findings.map(({ path: at, message }) => withPath(at, message)).join('; '))
}

/** The reads of a recorded stream; `path` is what messages name. */
function toRecording(path: string, { deltasUs, lengths, bytes }: RecordedStream): Recording {
  if (deltasUs.length !== lengths.length) throw wrong(path, 'it has not as many times as lengths')
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const all = inflated(path, bytes, total)
  if (all.length !== total) throw wrong(path, `it has ${all.length} bytes, and lengths of ${total}`)
  let from = 0
  let atUs = 0
  return lengths.map((length, read) => {
    atUs += deltasUs[read] ?? 0
    from += length
    return { atUs, bytes: all.toString('latin1', from - length, from) }
  })
}

function inflated(path: string, bytes: string, total: number): Buffer {
  if (total > mostBytes) throw wrong(path, `it has more than ${mostBytes} bytes`)
  try {
    return inflateRawSync(Buffer.from(bytes, 'base64'), { maxOutputLength: total + 1 })
  } catch {
    throw wrong(path, 'its bytes are not deflated and in base64')
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw wrong(path, 'it is neither JSON nor a response that begins with HTTP/')
  }
}

function readBytes(path: string): Buffer {
  try {
    if (statSync(path).size > mostBytes) throw wrong(path, `it has more than ${mostBytes} bytes`)
    return readFileSync(path)
  } catch (error) {
    if (error instanceof UserError) throw error
    throw wrong(path, `it cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

const wrong = (path: string, why: string) => new UserError(`${path} is no recorded stream: ${why}`)
