const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  505: 'HTTP Version Not Supported',
}

/** The head of a response: status line and headers. */
export function responseHead(status: number, headers: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${reasons[status] ?? 'Unknown'}\r\n${lines.join('')}\r\n`
}

/** The head of a stream of that type. */
export const streamHead = (number: number, type: string): string =>
  responseHead(200, {
    'content-type': type,
    'cache-control': 'no-cache',
    'x-request-id': number,
    'transfer-encoding': 'chunked',
  })

type Headers = Readonly<Record<string, string | number>>

/** A whole response with a body of JSON; ASCII. */
export const jsonResponse = (status: number, body: string, headers: Headers = {}): string =>
  jsonHead(status, body, headers) + body

/** The head of a response with this body. */
export const jsonHead = (status: number, body: string, headers: Headers = {}): string =>
  responseHead(status, { 'content-type': 'application/json', ...headers, 'content-length': body.length })
