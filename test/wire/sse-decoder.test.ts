import { expect, test } from 'vitest'
import { SseDecoder, sseLimit } from '../../lib/wire/sse-decoder.ts'

/** The data of the events in some text, taken in pieces of `size` bytes. */
function events(text: string | Buffer, size = Infinity): string[] {
  const bytes = Buffer.from(text)
  const seen: string[] = []
  const decoder = new SseDecoder((data) => seen.push(data))
  for (let at = 0; at < bytes.length; at += size) decoder.push(bytes, at, Math.min(bytes.length, at + size), 0, 0)
  decoder.finish(0, 0)
  return seen
}

// Of the standard's own examples and rules, each with what it must give.
const book: [string, string, string[]][] = [
  ['a line of data', 'data: one\n\n', ['one']],
  ['lines of data that are joined', 'data: YHOO\ndata: +2\ndata: 10\n\n', ['YHOO\n+2\n10']],
  ['a comment, an id, an event and a retry', ': test\n\nid: 1\nevent: add\nretry: 10\ndata: one\n\n', ['one']],
  ['data without a colon, and empty data', 'data\n\ndata\ndata\n\ndata:\n\n', ['', '\n', '']],
  ['one space at most taken away', 'data:one\n\ndata:  one\n\ndata: \n\n', ['one', ' one', '']],
  ['a field nobody knows', 'foo: bar\nbaz\ndatas: no\ndata : no\n data: no\ndata: one\n\n', ['one']],
  ['CR', 'data: one\rdata: two\r\rdata: three\r\r', ['one\ntwo', 'three']],
  ['CR LF', 'data: one\r\n\r\ndata: two\r\n\r\n', ['one', 'two']],
  ['mixed line ends', 'data: one\r\n\rdata: two\n\r\ndata: three\r\n\n', ['one', 'two', 'three']],
  ['a byte order mark', '\uFEFFdata: one\n\n\uFEFFdata: two\n\n', ['one']],
  ['characters of two, three and four bytes', 'data: ä☃🦙\n\n', ['ä☃🦙']],
  ['an event without its empty line, that is not whole', 'data: one\n\ndata: tw', ['one']],
  ['an event without its empty line, that is whole', 'data: {"a":1}\n\ndata: {"a":2}', ['{"a":1}', '{"a":2}']],
  ['a last [DONE] without its empty line', 'data: [DONE]\n', ['[DONE]']],
]
test.each(book)('by the book: %s', (_, text, expected) => {
  expect(events(text)).toEqual(expected)
})

test('any size of the pieces gives the same events', () => {
  for (const [name, text, expected] of book) {
    for (let size = 1; size <= Buffer.byteLength(text); size += 1) {
      expect([name, size, events(text, size)]).toEqual([name, size, expected])
    }
  }
})

test('bytes that are no UTF-8 are replaced, and end no event', () => {
  const bytes = Buffer.concat([Buffer.from('data: a'), Buffer.from([0xc3, 0x28, 0xf0, 0x9f]), Buffer.from('\n\n')])
  for (const size of [1, 2, 3, Infinity]) expect(events(bytes, size)).toEqual(['a\uFFFD(\uFFFD'])
})

test('a line of what can be no field is malformed', () => {
  expect(() => events('data: one\n\n\u0000\u0001garbage\u0007\n')).toThrow(
    String.raw`no line of a server-sent event: "\u0000\u0001garbage\u0007"`,
  )
})

test('a line or an event beyond the limit is refused before it is held', () => {
  const decoder = new SseDecoder(() => {})
  const piece = Buffer.alloc(1024 * 1024, 'x')
  expect(() => {
    for (let pieces = 0; pieces < 1000; pieces += 1) decoder.push(piece, 0, piece.length, 0, 0)
  }).toThrow('an event longer than 16 MiB')
  const lines = new SseDecoder(() => {})
  const line = Buffer.from(`data: ${'x'.repeat(sseLimit / 4)}\n`)
  expect(() => {
    for (let count = 0; count < 5; count += 1) lines.push(line, 0, line.length, 0, 0)
  }).toThrow('an event longer than 16 MiB')
})
