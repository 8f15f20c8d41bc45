// A process of its own: streams canned events, one per write, to all connections in turn: as fast as they take them, or paced.
// usage: client-server.ts EVENTS GAP_MS (0: as fast as they take them)
import { createServer, type Socket } from 'node:net'
import { monotonicNs } from '../../lib/worker/monotonic.ts'

const [events, gapNs] = [Number(process.argv[2]), Number(process.argv[3]) * 1e6]
const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n'
const chunk = (text: string) => Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`)
const before =
  '{"id":"chatcmpl-7d1c0f0e5a3b4c5d","object":"chat.completion.chunk","created":1767225600,"model":"harbour-7b",'
const event = (word: string) =>
  chunk(
    `data: ${before}"choices":[{"index":0,"delta":{"content":"${word}"},"logprobs":null,"finish_reason":null}]}\n\n`,
  )
const canned = ' the ferry leaves at nine and the last one back at dusk .'.split(/(?= )/).map(event)
const last = Buffer.concat([chunk('data: [DONE]\n\n'), Buffer.from('0\r\n\r\n')])

type Stream = { socket: Socket; due: number; sent: number }
const streams = new Set<Stream>()
/** Bytes that a socket may hold back: a client that is slower than the server is waited for. */
const mostHeld = 16 * 1024

function turn(): void {
  const now = monotonicNs()
  for (const stream of streams) {
    const { socket, due, sent } = stream
    if (now < due || socket.writableLength > mostHeld) continue
    stream.due += gapNs
    stream.sent += 1
    socket.write(canned[sent % canned.length] as Buffer)
    if (stream.sent < events) continue
    socket.write(last)
    streams.delete(stream)
  }
  setImmediate(turn)
}

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy())
  // A request is small, and comes in one read.
  socket.on('data', () => {
    socket.write(head)
    streams.add({ socket, due: monotonicNs() + gapNs, sent: 0 })
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`)
})
turn()
process.stdin.on('end', () => process.exit(0)).resume()
