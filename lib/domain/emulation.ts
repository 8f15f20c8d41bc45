/** The timing and the behaviour of an emulated server: everything that is random follows from `seed`. */
export type Emulation = {
  seed: number
  /** To the first token of a request that does not wait: this, and `promptTokenMs` for each of its prompt tokens. */
  firstTokenMs: number
  promptTokenMs: number
  /** Between two tokens of a request that is alone. */
  tokenMs: number
  /** Coefficient of variation of each of these times; 0 is none. */
  jitter: number
  /** Requests that are worked on at once; the others wait in a queue. */
  slots: number
  /** By how much each further request at work slows all of them: times are multiplied by 1 + slowdown * (requests at work - 1). */
  slowdown: number
  /** When the chunk comes that has only the role: before anything is generated, with the first token, or never. */
  role: 'at-once' | 'with-first-token' | 'none'
  /** Tokens of a chunk. */
  tokensPerChunk: number
  /** Chunks that are written at once. */
  chunksPerWrite: number
  /** What the server says of its output tokens: `wrong` is half as many again. */
  usage: 'honest' | 'wrong' | 'none' | 'continuous'
  /** Share of a prompt's tokens that is said to come from a cache, and costs no time. */
  cached: number
  faults: readonly FaultRule[]
}

/** What may go wrong with a response, on demand. */
export const faultKinds = [
  'reset',
  'rate-limited',
  'server-error',
  'error-in-stream',
  'stall',
  'garbage',
  'truncated-json',
  'wrong-usage',
  'never-answers',
  'early-close',
] as const
export type FaultKind = (typeof faultKinds)[number]

/** Where in a response it goes wrong. */
export const faultPlaces = ['before-headers', 'before-first-event', 'mid-stream', 'last-event'] as const
export type FaultPlace = (typeof faultPlaces)[number]

/** Of every `every` requests the last goes wrong. */
export type FaultRule = { kind: FaultKind; at: FaultPlace; every: number }
