import { EngineFailure } from '../domain/backend.ts'
import type { HttpAddress } from './http-dial.ts'
import type { HttpRequest } from './http-exchange.ts'

const token = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/
const value = /^[\t\x20-\x7e]*$/

/** A POST as it is written: `Host`, `Content-Length` and `Connection` are added. Throws where a header cannot be sent. */
export function requestBytes({ authority, basePath }: HttpAddress, { path, headers, body }: HttpRequest): Buffer {
  const own = { host: authority, 'content-length': String(Buffer.byteLength(body)), connection: 'keep-alive' }
  const lines = Object.entries({ ...headers, ...own }).map(([name, text]) => {
    // Its value may be a secret.
    if (token.test(name) && value.test(text)) return `${name}: ${text}\r\n`
    throw new EngineFailure('refused', `the header ${JSON.stringify(name)} has characters that HTTP cannot carry`)
  })
  return Buffer.from(`POST ${basePath}${encodeURI(path)} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
}
