import type { Socket } from 'node:net'
import type { Ns } from '../domain/timeline.ts'
import { RequestReader, type ReceivedRequest } from './request-reader.ts'
import { errorJson } from './openai-script.ts'
import { jsonResponse } from './emulated-head.ts'

/** Answers one request; calls `done` when the connection may take the next. Returns what to call when the client has left. */
export type Answer = (request: ReceivedRequest, socket: Socket, done: () => void) => (() => void) | undefined

/** Serves a connection: one request after the other, those that came early wait. */
export function serveConnection(socket: Socket, answer: Answer, now: () => Ns): void {
  socket.setNoDelay(true)
  const reader = new RequestReader(() => void socket.write('HTTP/1.1 100 Continue\r\n\r\n'))
  let onLeft: (() => void) | undefined
  let busy = false
  let readNs = 0
  const next = (): void => {
    if (busy || !socket.writable) return
    const reading = reader.take(readNs)
    if (reading.kind === 'more') return
    busy = true
    if (reading.kind === 'unreadable') {
      const { status, message } = reading.why
      socket.end(jsonResponse(status, errorJson({ message, type: 'invalid_request_error' }), { connection: 'close' }))
      return
    }
    const { request } = reading
    const left = answer(request, socket, () => {
      onLeft = undefined
      busy = false
      if (request.headers['connection'] === 'close') socket.end()
      else setImmediate(next) // not inside the answer that has just ended
    })
    if (busy) onLeft = left
  }
  socket.on('data', (read: Buffer) => {
    readNs = now()
    reader.push(read)
    next()
  })
  socket.on('error', () => {}) // a client that leaves without a word: `close` follows
  socket.on('close', () => onLeft?.())
}
