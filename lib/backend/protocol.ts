import type { OnContent, PreparedJob } from '../domain/backend.ts'
import type { OpenAiConfig } from '../domain/backend-config.ts'
import type { PerplexityWorkload, WorkloadConfig } from '../domain/cell.ts'
import type { TrialSpec } from '../domain/launch.ts'
import type { EngineFacts } from '../domain/manifest.ts'
import type { ContentEvents, EngineTimings, Ns, RequestTimeline } from '../domain/timeline.ts'
import type { ConnectionPool } from '../wire/connection-pool.ts'
import type { HttpTarget } from '../wire/http-exchange.ts'
import type { Message, WireJob } from './wire-jobs.ts'

/** How a server is spoken to. A new protocol is a file that has one of these, and a line in `protocols.ts`. */
export type Protocol = {
  /**
   * What a server says of itself and of the model that it is to be asked for. Throws an `EngineFailure` where it cannot be
   * reached, refuses, or does not have the model.
   */
  attach: (attachment: Attachment) => Promise<EngineFacts>
  /** The request for a job; `said` is what was said before in its conversation, salt included; without it one begins, behind `salt`. */
  ask: (job: WireJob, options: AskOptions, start: { salt: string } | { said: readonly Message[] }) => Ask
  /** Reads one answer as it comes. */
  reader: (maxTokens: number, onContent?: OnContent) => AnswerReader
  /** The content type of a stream. */
  accept: string
  /** What an answer ends with, in words: `a finish_reason, usage or [DONE]`. */
  ending: string
  /** Why it cannot be asked for a workload of chats or completions; absent where it can be asked for all. */
  whyNot?: (workload: WorkloadConfig) => string | undefined
  /** Opens a connection for each client; absent: HTTP, as `openHttpPool` does. Throws an `EngineFailure` ('unreachable'). */
  open?: (
    target: HttpTarget,
    clients: number,
    options: { now: () => Ns; onLearned: () => void },
  ) => Promise<ConnectionPool>
  /** How it scores a text; absent where its servers tell no probabilities of a prompt. Throws an `EngineFailure` where that cannot be. */
  windows?: (trial: TrialSpec, workload: PerplexityWorkload, asking: WindowAsking) => Promise<Windows>
  /** Its servers close the connection behind each streamed answer and do not say so: no request is sent over one that was used. */
  closes?: true
  /** The method of gRPC whose messages a kept stream has; absent: a kept stream is a response of HTTP. */
  recorded?: string
}

export type Attachment = HttpTarget & {
  model: string
  /** Of the model, as the plan has it. */
  digest: string
  key?: string
}

/** A POST: `path` is added to the server's address, `headers` are sent beside the usual ones. */
export type Ask = { path: string; body: string; headers?: Readonly<Record<string, string>> }
/** `salt`: each prompt has a prefix of its own, so that no cache is what is measured. */
export type AskOptions = { model: string; extraBody?: OpenAiConfig['extraBody']; salt?: boolean }

/** A server that scores a text, and what it is asked with; `likeliest`: of how many tokens it tells ln p where there is a base. */
export type WindowAsking = Pick<AskOptions, 'model' | 'extraBody'> & {
  target: HttpTarget
  headers: Readonly<Record<string, string>>
  likeliest: number
}
/** The windows of a text, each a job. */
export type Windows = {
  jobs: readonly PreparedJob[]
  /** Scores one. Throws an `EngineFailure` where nothing comes of it. */
  score: (job: number, signal: AbortSignal) => Promise<Pick<RequestTimeline, 'promptTokens' | 'nll' | 'base'>>
}

export type AnswerReader = {
  /**
   * Takes the data of one event, or one line, when it came, and the number of the read that brought it. Throws a `MalformedResponse`, which ends
   * the response, where there is no end of them.
   */
  take: (data: string, at: Ns, read: number) => void
  /** The same of the bytes of one event; `false` where they must be read as text. */
  takeBytes?: (bytes: Buffer, start: number, end: number, at: Ns, read: number) => boolean
  /** Whether the events so far are all of the answer: its end has come, or what fails it. */
  readonly isOver: boolean
  /** All that came, its times counted from `sentAt`. */
  result: (sentAt: Ns) => Answer
}

/** What a server counted; what it does not say is absent. */
export type Usage = { promptTokens?: number; outputTokens?: number; cachedTokens?: number }

/** What the events of an answer came to. */
export type Answer = {
  /** Absent where no content came. */
  events?: ContentEvents
  /** When the first chunk came, microseconds from `sent`; absent where it was the first content event. */
  firstChunkUs?: number
  /** Chunks that had a choice and nothing in it, microseconds from `sent`; absent where none came. */
  emptyChunksUs?: readonly number[]
  /** All that the model wrote, in the order in which it came: reasoning and calls of tools as well. */
  output: string
  /** The ordinary text alone: what a conversation goes on with. */
  answer: string
  /** `stop`, `length`, `tool_calls`, ...: as the server has it. */
  finish?: string
  usage: Usage
  /** The server's own times for this request. */
  engine?: EngineTimings
  /** When what ends an answer came, such as `[DONE]`; absent where it did not. */
  endedAt?: Ns
  /** Something came that only comes last: an answer without it broke off. */
  isWhole: boolean
  /** The first thing that went wrong inside of the stream. */
  problem?: { reason: 'error-in-stream' | 'malformed-response'; detail: string }
}
