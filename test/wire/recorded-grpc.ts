import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { answeredAtOnce } from '../../lib/emulator/grpc-ask.ts'
import { FrameReader, messageFrame } from '../../lib/wire/grpc-frames.ts'
import { serveGrpc, type ServedCall } from '../../lib/wire/grpc-serve.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'

/** What a call that was kept said, and how it ended. */
type Played = { messages: readonly Buffer[]; trailers: Readonly<Record<string, string>> }

function played(bytes: Buffer): Played {
  const messages: Buffer[] = []
  let trailers: Record<string, string> = {}
  new FrameReader(
    (message) => messages.push(Buffer.from(message)),
    (last) => (trailers = last),
  ).push(bytes)
  return { messages, trailers }
}

/**
 * A server of gRPC that says of itself what an emulated one does, and answers each call with what was kept of one: of every two the second
 * with `failing`, where there is one. Whoever's message `isEndless` gets all but the last, and no end.
 */
export async function recordedCalls(
  { whole, failing }: { whole: Buffer; failing?: Buffer },
  isEndless: (ask: string) => boolean,
): Promise<AsyncDisposable & { url: string }> {
  let asked = 0
  const sockets = new Set<Socket>()
  const onCall = ({ path, ask, answer }: ServedCall) => {
    const said = answeredAtOnce(path, ask)
    const write = (frame: Buffer) => answer.write(frame, 1, () => {})
    if (said !== undefined) {
      write(answer.frameOf(said))
      answer.end(0)
      return () => {}
    }
    const endless = isEndless(ask)
    const fails = failing !== undefined && !endless && asked++ % 2 === 1
    const { messages, trailers } = played(fails ? failing : whole)
    for (const message of endless ? messages.slice(0, -1) : messages) write(messageFrame(message))
    if (!endless) answer.end(Number(trailers['grpc-status']), trailers['grpc-message'])
    return () => {}
  }
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
    serveGrpc(socket, Buffer.alloc(0), { now, onCall })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `grpc://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
