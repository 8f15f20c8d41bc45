import { plain } from '../domain/plain.ts'

/** A response that is not what HTTP or server-sent events allow: becomes a failed request, never an exception for callers. */
export class MalformedResponse extends Error {
  override readonly name = 'MalformedResponse'
}

const evidenceBytes = 48

/** The first of some bytes from outside, in quotes, fit for one line. */
export function evidence(bytes: Buffer, start = 0, end = bytes.length): string {
  const shown = bytes.toString('latin1', start, Math.min(end, start + evidenceBytes))
  return `${plain(JSON.stringify(shown))}${end - start > evidenceBytes ? '...' : ''}`
}
