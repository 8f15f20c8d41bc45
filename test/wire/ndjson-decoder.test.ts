import { describe, expect, test } from 'vitest'
import { MalformedResponse } from '../../lib/wire/malformed-response.ts'
import { lineLimit, NdjsonDecoder } from '../../lib/wire/ndjson-decoder.ts'

function decoded(pieces: readonly (string | Buffer)[]) {
  const lines: [string, number][] = []
  const decoder = new NdjsonDecoder((line, _at, read) => lines.push([line, read]))
  for (const [read, piece] of pieces.entries()) {
    const bytes = Buffer.concat([Buffer.from('\n\n'), Buffer.from(piece), Buffer.from('\n')])
    decoder.push(bytes, 2, bytes.length - 1, read, read)
  }
  const unended = decoder.finish(pieces.length, pieces.length)
  return { lines, unended, known: decoder.known }
}

describe('lines of JSON', () => {
  test('are handed on with the read that ended them, wherever reads end', () => {
    const bytes = Buffer.from('{"a":"é"}\n{"b":"🛶"}\r\n\n{"c":1}\n')
    const texts = ['{"a":"é"}', '{"b":"🛶"}\r', '{"c":1}']
    for (let at = 0; at <= bytes.length; at += 1) {
      const { lines, unended } = decoded([bytes.subarray(0, at), bytes.subarray(at)])
      expect([at, lines.map(([line]) => line), unended]).toEqual([at, texts, false])
    }
    expect(decoded(['{"a":', '1}', '\n{"b":2}\n']).lines).toEqual([
      ['{"a":1}', 2],
      ['{"b":2}', 2],
    ])
  })

  test('what no line feed ends counts where it is whole, and not where it broke off', () => {
    expect(decoded(['{"a":1}\n{"b":2}'])).toMatchObject({
      lines: [
        ['{"a":1}', 0],
        ['{"b":2}', 1],
      ],
      unended: true,
    })
    expect(decoded(['{"a":1}\n{"b":'])).toMatchObject({ lines: [['{"a":1}', 0]], unended: false })
  })

  test('of nothing but space nothing is known', () => {
    expect(decoded(['\n \n'])).toEqual({ lines: [], unended: false, known: false })
  })

  test('a line without an end is refused', () => {
    const half = Buffer.alloc(lineLimit / 2 + 1, 'a')
    expect(() => decoded([half, half])).toThrow(MalformedResponse)
    expect(() => decoded([half, half])).toThrow('a line longer than 16 MiB')
  })
})
