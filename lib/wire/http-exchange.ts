import type { FailureReason, Ns, RecordedStream } from '../domain/timeline.ts'
import type { OnSseBytes } from './sse-decoder.ts'

/** Scheme, host, port and base path; `caFile` is the absolute path of a file of certificates in PEM. */
export type HttpTarget = { url: string; caFile?: string }
/** A POST; `path` is added to the base path of the target. */
export type HttpRequest = { path: string; headers: Readonly<Record<string, string>>; body: string }

export type StreamOptions = {
  signal: AbortSignal
  /**
   * Each server-sent event's data, or line of JSON, with its stamp and the number of the socket read (0-based in this response) whose bytes
   * completed it; off the hot path, in order.
   */
  onEvent: (data: string, at: Ns, read: number) => void
  /** May take a piece of the body that stands for itself, `bytes` from `start` to `end`, before it is made text; `false`: it did not. */
  onBytes?: OnSseBytes
  /** Called with the stamp of sending, when the request has left. */
  onSent?: (at: Ns) => void
  /**
   * Whether the events so far were all of the answer: a response that does not end shortly after that is ended here, as `stopped`
   * and `heldOpen`. Asked after each read.
   */
  isOver?: () => boolean
  /** Keep the response's bytes with their times. */
  keepStream?: boolean
}

/** How a response ended. What it says (its status, its body) is not judged here. */
export type StreamEnd = { status: 'complete' } | { status: 'failed'; reason: FailureReason; detail: string }

/** What a response said, and how it ended. */
export type StreamedResponse = {
  /** Absent where no head came. */
  status?: number
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  /** Of what is no stream of events or lines: its first 64 KiB. */
  body: string
  end: StreamEnd
  /** The last event lacked its empty line, or the last line its line feed, and counts all the same. */
  unended?: true
}

export type StreamResult = StreamedResponse & {
  sentAt: Ns
  /** When the response's end was read. */
  doneAt: Ns
  /** How long a connection was opened for it before `sentAt`; 0 where one was open. */
  connectNs: Ns
  /** The answer was over, and the response was not: its connection was closed here. */
  heldOpen?: true
  /** Absent where it was not asked for, or grew too large to keep. */
  stream?: RecordedStream
}
