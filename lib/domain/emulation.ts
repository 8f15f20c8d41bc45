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

/** What an emulated server really did with one request: the truth that a measurement is held against. */
export type EmulatedRequest = {
  /** 0-based, in the order of arrival; in the header `x-request-id` and the ids of the response. */
  number: number
  path: string
  stream: boolean
  /** The request's own `x-request-id`, where it had one. */
  asked?: string
  /** When the socket read was taken that had the last of its headers. All other times are nanoseconds after it. */
  arrivalNs: number
  /** When it left the queue; absent where it never got to work. */
  startNs?: number
  promptTokens: number
  cachedTokens: number
  /** One entry per write, headers and all. */
  writes: EmulatedWrites
  /** What was written of the output, and how many tokens that is. */
  text: string
  tokens: number
  /** What the server said of its tokens; absent where it said nothing. */
  usage?: EmulatedUsage
  fault?: Pick<FaultRule, 'kind' | 'at'>
  /** How it ended: all was written, a fault cut it, the client left, or the server was stopped. */
  end: 'whole' | 'fault' | 'client-left' | 'stopped'
}

export type EmulatedWrites = {
  /** Taken right before the call that hands the bytes to the kernel: what comes after it is on the way, and the client's. */
  atNs: number[]
  /** When the write was due by the timing model. */
  dueNs: number[]
  bytes: number[]
  /** Output tokens in it. */
  tokens: number[]
}

export type EmulatedUsage = { promptTokens: number; outputTokens: number; cachedTokens: number }

/** What an emulated server calls its version, in whatever protocol it is asked. */
export const emulatedVersion = 'emulated'
