import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { streamWithoutKey } from '../../lib/backend/api-key.ts'

const recorded = (text: string) => ({
  deltasUs: [1],
  lengths: [text.length],
  bytes: deflateRawSync(Buffer.from(text)).toString('base64'),
})

test('of a key that a server sends back only the length stays in the bytes that are kept', () => {
  const text = 'data: you sent sk-1234, sk-1234\n\n'
  const kept = streamWithoutKey(recorded(text), 'sk-1234')
  expect(inflateRawSync(Buffer.from(kept?.bytes ?? '', 'base64')).toString()).toBe(
    'data: you sent *******, *******\n\n',
  )
  expect(kept).toMatchObject({ deltasUs: [1], lengths: [text.length] })
})

test('bytes without it, or without a key, are kept as they came', () => {
  const stream = recorded('data: hello\n\n')
  expect(streamWithoutKey(stream, 'sk-1234')).toBe(stream)
  expect(streamWithoutKey(stream, undefined)).toBe(stream)
})

test('bytes in which the key lies in pieces, between the chunks of HTTP, are not kept', () => {
  const [first, second] = ['a\r\n{"id":"sk-\r\n', '5\r\n1234"\r\n']
  expect(streamWithoutKey(recorded(first + second), 'sk-1234')).toBeUndefined()
})
