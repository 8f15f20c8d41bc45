import { evidence, MalformedResponse } from './malformed-response.ts'

/** How the end of a body is known: by chunks, by its length, or by the end of the connection. */
export type BodyFraming = { kind: 'chunked' } | { kind: 'length'; bytes: number } | { kind: 'until-close' }
export type HttpHead = {
  status: number
  /** Names in lower case; the values of a name that came more than once are joined by a comma. */
  headers: Record<string, string>
  framing: BodyFraming
  /** Whether the connection may serve another request after this response. */
  reusable: boolean
}

const token = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/
const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [^\r\n]*)?$/
const mostHeaders = 256

/** The head of a response, its last empty line left away (RFC 9112, 4 and 5). Throws a `MalformedResponse`. */
export function parseHead(bytes: Buffer): HttpHead {
  const [first = '', ...lines] = bytes.toString('latin1').split('\r\n')
  const found = statusLine.exec(first)
  if (!found) throw new MalformedResponse(`no HTTP/1.1 status line: ${evidence(bytes)}`)
  const status = Number(found[2])
  const headers = parseHeaders(lines)
  const framing = framingOf(status, headers)
  const words = listed(headers['connection'])
  const keepsOpen = found[1] === '1' ? !words.includes('close') : words.includes('keep-alive')
  return { status, headers, framing, reusable: keepsOpen && framing.kind !== 'until-close' && !bothFramings(headers) }
}

function parseHeaders(lines: readonly string[]): Record<string, string> {
  const headers = Object.create(null) as Record<string, string>
  if (lines.length > mostHeaders) throw new MalformedResponse(`${lines.length} headers, more than ${mostHeaders}`)
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0))
    const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')
    if (!token.test(name) || hasControls(value)) {
      throw new MalformedResponse(`no HTTP header: ${evidence(Buffer.from(line, 'latin1'))}`)
    }
    const key = name.toLowerCase()
    const before = headers[key]
    headers[key] = before === undefined ? value : `${before}, ${value}`
  }
  return headers
}

const hasControls = (value: string) => /(?!\t)\p{Cc}/u.test(value.replace(/[\u0080-\u009f]/g, ''))

function framingOf(status: number, headers: Readonly<Record<string, string>>): BodyFraming {
  const coding = headers['content-encoding']
  if (coding !== undefined && coding !== '' && coding.toLowerCase() !== 'identity') {
    throw new MalformedResponse(`content-encoding ${evidence(Buffer.from(coding))}, which was not asked for`)
  }
  if (status < 200 || status === 204 || status === 304) return { kind: 'length', bytes: 0 }
  const transfer = headers['transfer-encoding']
  if (transfer !== undefined) {
    if (transfer.toLowerCase() === 'chunked') return { kind: 'chunked' }
    throw new MalformedResponse(`transfer-encoding ${evidence(Buffer.from(transfer))}, which was not asked for`)
  }
  const length = headers['content-length']
  return length === undefined ? { kind: 'until-close' } : { kind: 'length', bytes: contentLength(length) }
}

function contentLength(text: string): number {
  const [first = '', ...others] = text.split(',').map((one) => one.trim())
  if (/^\d{1,15}$/.test(first) && others.every((one) => one === first)) return Number(first)
  throw new MalformedResponse(`no content-length: ${evidence(Buffer.from(text))}`)
}

const bothFramings = (headers: Readonly<Record<string, string>>) =>
  headers['transfer-encoding'] !== undefined && headers['content-length'] !== undefined

const listed = (value = '') => value.split(',').map((one) => one.trim().toLowerCase())
