import { expect, test } from 'vitest'
import { HttpDecoder } from '../../lib/wire/http-decoder.ts'
import type { HttpHead } from '../../lib/wire/http-head.ts'
import { chunk, chunkedHead, lastChunk } from './scripted-server.ts'

/** A response taken in pieces of `size` bytes, the connection ended after it. */
function decode(text: string, size = Infinity) {
  const bytes = Buffer.from(text, 'latin1')
  let head: HttpHead | undefined
  let body = ''
  const decoder = new HttpDecoder({
    onHead: (found) => {
      head = found
    },
    onBody: (piece, start, end) => {
      body += piece.toString('latin1', start, end)
    },
  })
  let used = 0
  for (let at = 0; at < bytes.length && !decoder.complete; at += size) {
    used = decoder.push(bytes, at, Math.min(bytes.length, at + size))
  }
  return { head, body, complete: decoder.complete, left: bytes.length - used, closed: decoder.close(), decoder }
}
const failureOf = (text: string, size?: number) => {
  try {
    decode(text, size)
    return 'nothing'
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`
  }
}

const headOf = (line: string) => `HTTP/1.1 200 OK\r\n${line}\r\n\r\n`

const bodies: [string, string, string][] = [
  ['chunks', `${chunkedHead}${chunk('one')}${chunk('two')}${lastChunk}`, 'onetwo'],
  [
    'chunks with extensions and trailers',
    `${chunkedHead}3;a=b\r\none\r\n0003 \r\ntwo\r\n0;x\r\nA: b\r\n\r\n`,
    'onetwo',
  ],
  [
    'sizes of chunks in both cases',
    `${chunkedHead}A\r\n0123456789\r\n00000000000b\r\n0123456789a\r\n0\r\n\r\n`,
    '01234567890123456789a',
  ],
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nonetwo', 'onetwo'],
  ['a length said twice', 'HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\nContent-Length: 3\r\n\r\none', 'one'],
  ['no length at all', 'HTTP/1.0 200\r\n\r\nonetwo', 'onetwo'],
  ['no body', 'HTTP/1.1 204 No Content\r\nServer:\r\n\r\n', ''],
  [
    'interim responses',
    `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n${chunkedHead}${lastChunk}`,
    '',
  ],
]
test.each(bodies)('a body framed by %s is the same in pieces of any size', (_, text, expected) => {
  for (let size = 1; size <= text.length; size += 1) {
    const { body, closed, left } = decode(text, size)
    expect([size, body, closed, left]).toEqual([size, expected, { whole: true }, 0])
  }
})

test('headers keep their values, in lower case names, and cannot reach a prototype', () => {
  const { head } = decode('HTTP/1.1 200 OK\r\nA-B: \t c: d \r\na-b: e\r\n__proto__: x\r\ncontent-length: 0\r\n\r\n')
  expect(Object.entries(head?.headers ?? {})).toEqual([
    ['a-b', 'c: d, e'],
    ['__proto__', 'x'],
    ['content-length', '0'],
  ])
})

test('what follows a response is not part of it', () => {
  expect(decode('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\noneHTTP/1.1 200 OK')).toMatchObject({
    body: 'one',
    left: 15,
  })
})

const reuse: [string, boolean][] = [
  ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', true],
  ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: Keep-Alive, Close\r\n\r\n', false],
  ['HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', false],
  ['HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n', true],
  ['HTTP/1.1 200 OK\r\n\r\n', false],
  [`HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n${lastChunk}`, false],
]
test.each(reuse)('%j leaves its connection to another request: %s', (text, expected) => {
  expect(decode(text).decoder.reusable).toBe(expected)
})

test('a hostile response is refused in one line', () => {
  expect(
    [
      'HTTP/2 200\r\n\r\n',
      'HTTP/1.1 99 No\r\n\r\n',
      'HTTP/1.1 101 Switching Protocols\r\n\r\n',
      headOf('no colon'),
      headOf('A: b\r\n folded: c'),
      headOf('A : b'),
      headOf('A: b\u0000'),
      headOf('Content-Length: -1'),
      headOf('Content-Length: 1, 2'),
      headOf('Content-Length: 99999999999999999999'),
      headOf('Content-Length: 0x10'),
      headOf('Transfer-Encoding: gzip, chunked'),
      headOf('Content-Encoding: gzip'),
      `${chunkedHead}-5\r\n`,
      `${chunkedHead}1000000000000000\r\n`,
      `${chunkedHead}\r\n`,
      `${chunkedHead}3\none`,
      `${chunkedHead}3\r\nones\r\n`,
      `${chunkedHead}3;${'x'.repeat(5000)}`,
      `${chunkedHead}0\r\n${'a: b\r\n'.repeat(300)}`,
      `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(300)}\r\n`,
      `HTTP/1.1 200 OK\r\n${'x'.repeat(70_000)}`,
      'HTTP/1.1 100 Continue\r\n\r\n'.repeat(5000),
    ].map((text) => failureOf(text)),
  ).toMatchInlineSnapshot(`
    [
      "MalformedResponse: no HTTP response: "HTTP/2 200\\r\\n\\r\\n"",
      "MalformedResponse: no HTTP/1.1 status line: "HTTP/1.1 99 No"",
      "MalformedResponse: another protocol (status 101), which was not asked for",
      "MalformedResponse: no HTTP header: "no colon"",
      "MalformedResponse: no HTTP header: " folded: c"",
      "MalformedResponse: no HTTP header: "A : b"",
      "MalformedResponse: no HTTP header: "A: b\\u0000"",
      "MalformedResponse: no content-length: "-1"",
      "MalformedResponse: no content-length: "1, 2"",
      "MalformedResponse: no content-length: "99999999999999999999"",
      "MalformedResponse: no content-length: "0x10"",
      "MalformedResponse: transfer-encoding "gzip, chunked", which was not asked for",
      "MalformedResponse: content-encoding "gzip", which was not asked for",
      "MalformedResponse: no chunk size: "-5"",
      "MalformedResponse: no chunk size: "1000000000000000"",
      "MalformedResponse: no chunk size: """,
      "MalformedResponse: a chunk line without CR LF: "3\\n"",
      "MalformedResponse: a chunk longer than it said: "s"",
      "MalformedResponse: a chunk line longer than 4096 bytes",
      "MalformedResponse: more than 256 trailers",
      "MalformedResponse: 300 headers, more than 256",
      "MalformedResponse: a head longer than 65536 bytes",
      "MalformedResponse: a head longer than 65536 bytes",
    ]
  `)
})

test('a read may hold a head and much more than a head may have', () => {
  const body = 'x'.repeat(300_000)
  expect(decode(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nA: ${'y'.repeat(60_000)}\r\n\r\n${body}`).body).toBe(
    body,
  )
})

test('a chunk that says it is huge takes no memory', () => {
  const { body, closed } = decode(`${chunkedHead}ffffffffffff\r\none`)
  expect([body, closed]).toEqual(['one', { whole: false, detail: 'before the last chunk of the body' }])
})
