import type { FaultKind, FaultPlace, FaultRule } from '../domain/emulation.ts'
import { jsonResponse } from './emulated-head.ts'
import type { Voice } from './emulated-voice.ts'

/** How a response goes on from a fault: what is still written, one write each, and then its end. */
export type FaultStep = { writes: readonly string[]; end: FaultEnd }
/**
 * `kept`: that was the whole response, and the connection stays. `hold`: nothing more comes, the connection stays open.
 * `comments`: the same with a comment each second. `close` is FIN, `reset` is RST.
 */
export type FaultEnd = 'kept' | 'hold' | 'comments' | 'close' | 'reset'

/** What ends a response before its end; a wrong usage does not. */
export type InterruptingFault = Exclude<FaultKind, 'wrong-usage'>

/** The fault of a request, by its number; of several the first. */
export function faultOf(rules: readonly FaultRule[], number: number): FaultRule | undefined {
  return rules.find(({ every }) => (number + 1) % every === 0)
}

const errors = {
  'rate-limited': { message: 'Too many requests: wait a second.', type: 'rate_limit_error', code: 429, status: 429 },
  'server-error': { message: 'The engine failed.', type: 'server_error', code: 500, status: 500 },
  'error-in-stream': {
    message: 'The engine ran into an error.',
    type: 'server_error',
    code: 'engine_error',
    status: 200,
  },
} as const

// Neither HTTP nor a chunk's length, no UTF-8, and a line's end, so that whoever looks for lines finds one.
const garbage = '\x00\xff\xfe\x80garbage\x07\xc3\x28\r\n\r\n\xf0\x9f'

/** What a client meets before any header. */
export function faultBeforeHeaders(kind: InterruptingFault, voice: Voice): FaultStep {
  switch (kind) {
    case 'reset':
      return { writes: [], end: 'reset' }
    case 'early-close':
      return { writes: [], end: 'close' }
    case 'never-answers':
      return { writes: [], end: 'hold' }
    case 'stall':
      return { writes: ['HTTP/1.1 200 OK\r\ncontent-ty'], end: 'hold' }
    case 'garbage':
      return { writes: [garbage], end: 'close' }
    case 'truncated-json':
      return {
        writes: [jsonResponse(200, '{"id":"chatcmpl-0","object":"chat.completion","choices":[{"in')],
        end: 'kept',
      }
    case 'rate-limited':
    case 'server-error':
    case 'error-in-stream':
      return { writes: [errorResponse(kind, voice)], end: 'kept' }
  }
}

/** What a client meets in a stream, in place of the chunk `json` that was to come. */
export function faultInStream(
  kind: InterruptingFault,
  at: FaultPlace,
  { json, voice }: { json: string; voice: Voice },
): FaultStep {
  const instead = (text: string): FaultStep => ({
    writes: [voice.framing.frame(text), voice.framing.end],
    end: 'kept',
  })
  switch (kind) {
    case 'reset':
      return { writes: [], end: 'reset' }
    case 'early-close':
      return { writes: [], end: 'close' }
    case 'stall':
      return { writes: [], end: 'hold' }
    case 'never-answers':
      return { writes: [], end: 'comments' }
    case 'garbage':
      return at === 'before-first-event' ? instead(garbage.replaceAll('\r\n', '')) : { writes: [garbage], end: 'close' }
    case 'truncated-json':
      return instead(json.slice(0, json.length >> 1))
    case 'rate-limited':
    case 'server-error':
    case 'error-in-stream':
      return instead(voice.errorJson(errors[kind]))
  }
}

/** What a client meets where its answer is one body: as much of it as the place says, and no more. */
export function faultInBody(
  kind: InterruptingFault,
  at: FaultPlace,
  { head, body, voice }: { head: string; body: string; voice: Voice },
): FaultStep {
  const cut = at === 'before-first-event' ? 0 : at === 'mid-stream' ? body.length >> 1 : body.length - 1
  const part = head + body.slice(0, cut)
  switch (kind) {
    case 'reset':
      return { writes: [part], end: 'reset' }
    case 'early-close':
      return { writes: [part], end: 'close' }
    case 'stall':
    case 'never-answers':
      return { writes: [part], end: 'hold' }
    case 'garbage':
      return { writes: [part + garbage], end: 'close' }
    case 'truncated-json':
      return { writes: [jsonResponse(200, body.slice(0, cut))], end: 'kept' }
    case 'rate-limited':
    case 'server-error':
    case 'error-in-stream':
      return { writes: [errorResponse(kind, voice)], end: 'kept' }
  }
}

/** Which chunk of a stream a fault takes the place of; before the first event it is the first chunk, and no role comes. */
export function faultChunk(at: FaultPlace, chunks: number): number {
  if (at === 'mid-stream') return chunks >> 1
  return at === 'last-event' ? chunks - 1 : 0
}

/** An error as a response of its own. */
function errorResponse(kind: keyof typeof errors, voice: Voice): string {
  const headers = kind === 'rate-limited' ? { 'retry-after': 1 } : {}
  return jsonResponse(errors[kind].status, voice.errorJson(errors[kind]), headers)
}
