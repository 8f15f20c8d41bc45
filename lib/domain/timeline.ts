/** Monotonic nanoseconds of one machine; never compared with another machine's. */
export type Ns = number

/** What a request's content events carry. Text is the ordinary one. */
export type Channel = 'text' | 'reasoning' | 'tool'

/**
 * A request's content events. Times are whole microseconds from `sent`, each rounded once, kept as differences of the
 * rounded times: the first entry is the time to the first event. What does not vary is left out.
 */
export type ContentEvents = {
  deltasUs: readonly number[]
  /** Tokens of each event; absent where each is one. */
  tokens?: readonly number[]
  /** Characters of each event; absent where tokens are known. */
  characters?: readonly number[]
  channels?: readonly Channel[]
  /** The socket read in which each event came; absent where each came in its own. */
  reads?: readonly number[]
}

/** The engine's own counters for one request, beside ours and never mixed with them. */
export type EngineTimings = {
  /** Prompt tokens that were evaluated, without cached ones; absent where only those of the whole prompt are said. */
  promptTokens?: number
  promptMs?: number
  decodeTokens?: number
  decodeMs?: number
  /** To load the model for this request. */
  loadMs?: number
  /** All of it, as the server counts: from when it came until its answer was over. */
  totalMs?: number
}

export type FailureReason =
  | 'load-timeout'
  | 'first-token-timeout'
  | 'stall'
  | 'trial-timeout'
  | 'crashed'
  | 'start-failed'
  | 'port-in-use'
  | 'engine-error'
  | 'out-of-memory'
  | 'context-overflow'
  | 'accelerator-missing'
  | 'artifact-missing'
  | 'refused'
  | 'chat-template'
  | 'unreachable'
  | 'unauthorized'
  | 'rate-limited'
  | 'server-error'
  | 'request-refused'
  | 'connection-reset'
  | 'closed-early'
  | 'error-in-stream'
  | 'malformed-response'
  | 'nonsense'
  | 'cut-off'
  | 'stopped'

export type RequestOutcome =
  | { status: 'ok'; finish: 'length' | 'stop' }
  | { status: 'failed'; reason: FailureReason; detail: string }

/** One request as it was observed. */
export type RequestTimeline = {
  /** What was asked, completion or chat; in `prefill-decode` the part, in `perplexity` the window. */
  promptId: string
  part: 'completion' | 'prefill' | 'decode' | 'window'
  phase: 'warmup' | 'measured'
  /** 0-based. */
  client: number
  /** Microseconds from the launch's origin. What was due and never sent has in `sentUs` when it was given up, and 0 in `doneUs`. */
  scheduledUs: number
  sentUs: number
  /** Of the time from `scheduled` to `sent`: how long no client was free; absent where one was. */
  poolWaitUs?: number
  /** Of the same time: how long it took to open a connection anew; absent where one was open. */
  connectUs?: number
  /**
   * When the first chunk of a server's answer came, whatever it carried, a role or nothing: microseconds from `sent`. Absent where
   * it was the first content event. No metric of ours uses it; other tools' definitions do.
   */
  firstChunkUs?: number
  /**
   * When chunks came that had a choice and nothing in it, such as a role or a reason to finish: microseconds from `sent`. Absent where
   * none came. For other tools' definitions alone, as `firstChunkUs` is.
   */
  emptyChunksUs?: readonly number[]
  /** Microseconds from `sent`. */
  doneUs: number
  outcome: RequestOutcome
  promptTokens?: number
  cachedTokens?: number
  /** N: output tokens without the end-of-sequence token. */
  outputTokens?: number
  /** How `outputTokens` came. */
  tokensFrom?: 'engine' | 'usage' | 'tokenizer'
  /** The output's tokens as a named tokenizer counts them, where `outputTokens` came otherwise. */
  countedTokens?: number
  events?: ContentEvents
  engine?: EngineTimings
  /** Negative log-likelihoods in nats of the scored tokens of a perplexity window, each rounded to 1e-6. */
  nll?: readonly number[]
  /** The same tokens against the base of the workload, where it has one. */
  base?: BaseScores
  /** What the model wrote: hostile until escaped. */
  output?: string
  /** The bytes that came, with their times, where they are kept. */
  stream?: RecordedStream
}

/** How a model stands to its base, of each scored token of a window. */
export type BaseScores = {
  /** The base's negative log-likelihoods in nats, each rounded to 1e-6. */
  nll: readonly number[]
  /** KL divergence from the base in nats, each rounded to 1e-9. */
  kld: readonly number[]
  /** 1 where both hold the same token for the likeliest, else 0. */
  sameTop: readonly number[]
  /** The engine tells its likeliest tokens only, and `kld` holds lower bounds. */
  isBound?: true
}

/** A response as it came over the wire, headers and all: one entry per socket read. */
export type RecordedStream = {
  /** Of each read: whole microseconds from `sent`, each rounded once, kept as differences of the rounded times. */
  deltasUs: readonly number[]
  /** Bytes of each read. */
  lengths: readonly number[]
  /** All bytes in order, deflated (raw), in base64. */
  bytes: string
}
