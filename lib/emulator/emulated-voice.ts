import type { EmulatedUsage } from '../domain/emulation.ts'
import type { Ask, Refusal } from './emulated-ask.ts'

/** Where an answer is when something is said of it. */
export type Scene = {
  isFirst: boolean
  isLast: boolean
  /** The role goes with the first token. */
  withRole: boolean
  /** The counts up to now, where the server says any. */
  told: () => EmulatedUsage | undefined
  /** The same, where it is to say them with every chunk. */
  running: () => EmulatedUsage | undefined
  /** Nanoseconds by the timing model: from the request's arrival to the slot, to the first chunk, to this one. */
  times: () => { queueNs: number; promptNs: number; decodeNs: number }
}

/** What one answer is made of: JSON, of which each is a chunk of its own. */
export type Script = {
  /** The chunk that has only the role; absent where there is none. */
  role?: ((scene: Scene) => string) | undefined
  /** The frame of a chunk that says a text and nothing else, where there is such a one: the hot path. */
  contentFrame?: (text: string) => string
  content: (text: string, scene: Scene) => readonly string[]
  /** After the last text. */
  last: (scene: Scene) => readonly string[]
  /** The body of an answer that is no stream. */
  whole: (text: string, scene: Scene) => string
}

/** How an emulated server speaks: one for each protocol. */
export type Voice = {
  readAsk: (text: string, models: readonly string[]) => Ask | Refusal
  errorJson: (refusal: Omit<Refusal, 'status'>) => string
  script: (ask: Ask, answer: { number: number; createdS: number }) => Script
  framing: Framing
}

/** How the chunks of a stream are told apart. */
export type Framing = {
  type: string
  /** A chunk, as a piece of the body; ASCII. */
  frame: (json: string) => string
  /** What only keeps the connection busy. */
  comment: string
  /** After the last chunk. */
  end: string
}

/** A piece of a body in `Transfer-Encoding: chunked`; ASCII. */
export const framed = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`

/** Data of one server-sent event. */
export const event = (data: string): string => `data: ${data}\n\n`

const endOfBody = '0\r\n\r\n'

/** Server-sent events; `done`: with a last one that says `[DONE]`. */
export const eventFraming = (done: 'done' | 'no-done'): Framing => ({
  type: 'text/event-stream; charset=utf-8',
  frame: (json) => framed(event(json)),
  comment: framed(': still here\n\n'),
  end: (done === 'done' ? framed(event('[DONE]')) : '') + endOfBody,
})

/** Lines of JSON. */
export const lineFraming: Framing = {
  type: 'application/x-ndjson',
  frame: (json) => framed(`${json}\n`),
  comment: framed('\n'),
  end: endOfBody,
}

/** JSON in ASCII, so that a character is a byte. */
export const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
