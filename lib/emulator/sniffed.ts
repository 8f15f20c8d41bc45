import type { Socket } from 'node:net'

/** No method of HTTP/1.1 begins so: HTTP/2 chose its first bytes for that. */
const http2 = Buffer.from('PRI ')

/** Waits for a connection's first bytes, and serves it as HTTP/1.1 or, with those bytes, as HTTP/2. */
export function sniffed(socket: Socket, asHttp1: () => void, asHttp2: (begun: Buffer) => void): void {
  let begun: Buffer = Buffer.alloc(0)
  const onData = (read: Buffer): void => {
    begun = begun.length === 0 ? read : Buffer.concat([begun, read])
    const known = Math.min(begun.length, http2.length)
    const isHttp2 = begun.compare(http2, 0, known, 0, known) === 0
    if (isHttp2 && known < http2.length) return
    socket.off('data', onData)
    if (isHttp2) return asHttp2(begun)
    asHttp1()
    socket.emit('data', begun) // at once: its time is that of this read
  }
  socket.on('data', onData)
}
