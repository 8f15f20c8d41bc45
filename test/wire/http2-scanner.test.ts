import { expect, test } from 'vitest'
import { messageFrame } from '../../lib/wire/grpc-frames.ts'
import { Http2Scanner } from '../../lib/wire/http2-scanner.ts'

const frame = (type: number, flags: number, stream: number, payload: Buffer) => {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}
const messages = Buffer.concat(['Salt', '', 'air'].map((text) => messageFrame(Buffer.from(text))))
const padded = Buffer.concat([Buffer.from([3]), messages.subarray(7), Buffer.alloc(3)])
const bytes = Buffer.concat([
  frame(4, 0, 0, Buffer.alloc(6)),
  frame(1, 4, 1, Buffer.from('head')),
  frame(0, 0, 1, messages.subarray(0, 7)),
  frame(0, 0, 3, messageFrame(Buffer.from('of another stream'))),
  frame(0, 8, 1, padded),
  frame(1, 5, 1, Buffer.from('trailers')),
  frame(3, 0, 3, Buffer.from('00000008', 'hex')),
  frame(7, 0, 0, Buffer.alloc(8)),
])

function heard(...pieces: Buffer[]): string[] {
  const said: string[] = []
  const scanner = new Http2Scanner({
    onMessage: (stream) => said.push(`message ${stream}`),
    onHeaders: (stream) => said.push(`headers ${stream}`),
    onEnd: (stream) => said.push(`end ${stream}`),
    onReset: (stream, code) => said.push(`reset ${stream} ${code}`),
    onGoAway: () => said.push('go away'),
  })
  for (const piece of pieces) scanner.push(piece)
  return said
}

const whole = [
  'headers 1',
  'message 3',
  'message 1',
  'message 1',
  'message 1',
  'headers 1',
  'end 1',
  'reset 3 8',
  'go away',
]

test('tells of frames and of messages in them, padded ones too, each when its last byte has passed', () => {
  expect(heard(bytes)).toEqual(whole)
})

test('tells the same wherever the bytes are cut', () => {
  for (let at = 1; at < bytes.length; at += 1) expect(heard(bytes.subarray(0, at), bytes.subarray(at))).toEqual(whole)
  expect(heard(...Array.from(bytes, (byte) => Buffer.from([byte])))).toEqual(whole)
})

test('what is no HTTP/2 says nothing, and throws nothing', () => {
  expect(heard(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))).toEqual([])
})
