import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

/** What one connection of a scripted server is: it reads requests, and writes what the test says. */
export type Visit = {
  socket: Socket
  /** 0-based among the server's connections. */
  number: number
  /** The next request, head and body. */
  request: () => Promise<string>
  /** Writes, and resolves when the bytes have left this process. */
  write: (bytes: string | Buffer) => Promise<void>
}

/** A `node:net` server that does exactly what a test says, and no HTTP of its own. */
export async function scriptedServer(
  script: (visit: Visit) => Promise<void>,
  { server = createServer({ noDelay: true }), host = '127.0.0.1' }: { server?: Server; host?: string } = {},
): Promise<AsyncDisposable & { url: string; connections: () => number; open: () => number }> {
  const sockets = new Set<Socket>()
  let connections = 0
  server.on(server.listenerCount('secureConnection') > 0 ? 'secureConnection' : 'connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
    const number = connections
    connections += 1
    void script(visitOf(socket, number)).catch(() => socket.destroy())
  })
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    connections: () => connections,
    open: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function visitOf(socket: Socket, number: number): Visit {
  let held = Buffer.alloc(0)
  let wake: (() => void) | undefined
  socket.on('data', (bytes: Buffer) => {
    held = Buffer.concat([held, bytes])
    wake?.()
  })
  socket.on('close', () => wake?.())
  return {
    socket,
    number,
    async request() {
      for (;;) {
        const text = held.toString('latin1')
        const head = text.indexOf('\r\n\r\n')
        const end = head + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
        if (head >= 0 && held.length >= end) {
          const request = held.subarray(0, end).toString('utf8')
          held = held.subarray(end)
          return request
        }
        if (socket.destroyed) throw new Error('no request came')
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    write: (bytes) =>
      new Promise((resolve, reject) => socket.write(bytes, (error) => (error ? reject(error) : resolve()))),
  }
}

/** The head of a streamed response, its body in chunks. */
export const chunkedHead =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n'

/** One chunk. */
export const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
export const lastChunk = '0\r\n\r\n'

/** Reads a request and writes `bytes`. */
export const answer = (bytes: string | Buffer) => async (one: Visit) => {
  await one.request()
  await one.write(bytes)
}

/** The same, and ends the connection. */
export const answerAndEnd = (bytes: string | Buffer) => async (one: Visit) => {
  await answer(bytes)(one)
  one.socket.end()
}
