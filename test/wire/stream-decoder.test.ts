import { expect, test } from 'vitest'
import { StreamDecoder } from '../../lib/wire/stream-decoder.ts'
import { chunk, chunkedHead, lastChunk } from './scripted-server.ts'

test('where a listener stops the request, nothing that the same read still has is told, as text or as bytes', () => {
  const told: string[] = []
  const decoder = new StreamDecoder(
    (data) => {
      told.push(`text ${data}`)
      if (data === 'two') decoder.fail('stopped', 'by its listener')
    },
    (bytes, start, end) => {
      const text = bytes.toString('utf8', start, end)
      if (text.includes('two')) return false
      return told.push(`bytes ${text.trim()}`) > 0
    },
  )
  const events = ['zero', 'one', 'two', 'three', 'four'].map((data) => chunk(`data: ${data}\n\n`)).join('')
  const read = Buffer.from(chunkedHead + events + lastChunk)
  decoder.push(read, 0, read.length, 0, 0)
  expect(told).toEqual(['text zero', 'bytes data: one', 'text two'])
  expect(decoder.end).toMatchObject({ reason: 'stopped' })
})
