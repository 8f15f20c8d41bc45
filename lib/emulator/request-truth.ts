import type { EmulatedRequest } from '../domain/emulation.ts'
import type { Ask } from './emulated-ask.ts'
import type { EmulatedWire } from './emulated-wire.ts'
import type { ReceivedRequest } from './request-reader.ts'

type Asked = { number: number; ask: Ask; request: ReceivedRequest; wire: EmulatedWire }

/** What is true of a request as it begins: nothing of its output is written yet. */
export function requestTruth({ number, ask, request, wire }: Asked): EmulatedRequest {
  const asked = request.headers['x-request-id']
  return {
    number,
    path: request.path,
    stream: ask.stream,
    ...(asked !== undefined && { asked }),
    arrivalNs: request.arrivalNs,
    promptTokens: ask.promptTokens,
    cachedTokens: 0,
    writes: wire.writes,
    text: '',
    tokens: 0,
    end: 'stopped',
  }
}
