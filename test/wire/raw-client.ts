import { connect } from 'node:net'

export type Answered = { bytes: string; ended: 'open' | 'FIN' | 'RST' }

/** The bytes of a request in OpenAI's form. */
export function requestBytes(body: object, { path = '/v1/chat/completions', headers = {} } = {}): string {
  const text = JSON.stringify({ model: 'emulated', stream: true, max_tokens: 4, ...body })
  const all = { host: 'x', ...headers, 'content-length': Buffer.byteLength(text) }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text}`
}

export const hello = { messages: [{ role: 'user', content: 'hello there' }] }

/** Sends bytes over a socket of its own and reads until the server ends it, or `until` holds for what came. */
export function exchange(
  url: string,
  request: string | readonly string[],
  until?: (bytes: string) => boolean,
): Promise<Answered> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  let bytes = ''
  return new Promise((resolve) => {
    const end = (ended: Answered['ended']) => {
      socket.destroy()
      resolve({ bytes, ended })
    }
    socket.on('connect', () => {
      for (const part of [request].flat()) socket.write(part)
      if (until?.('') === true) end('open')
    })
    socket.on('data', (read) => {
      bytes += read.toString('latin1')
      if (until?.(bytes) === true) end('open')
    })
    socket.on('error', () => end('RST'))
    socket.on('end', () => end('FIN'))
  })
}

export const isWhole = (bytes: string) => bytes.endsWith('\r\n0\r\n\r\n')

/** The pieces of a chunked body. */
export function pieces(bytes: string): string[] {
  const found: string[] = []
  let at = bytes.indexOf('\r\n\r\n') + 4
  for (;;) {
    const end = bytes.indexOf('\r\n', at)
    const length = Number.parseInt(bytes.slice(at, end), 16)
    if (end < 0 || !(length > 0)) return found
    found.push(bytes.slice(end + 2, end + 2 + length))
    at = end + 2 + length + 2
  }
}
