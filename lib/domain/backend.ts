import type { BackendConfig } from './backend-config.ts'
import type { LaunchSpec, TrialSpec } from './launch.ts'
import type { EngineFacts } from './manifest.ts'
import type { FailureReason, Ns, RequestTimeline } from './timeline.ts'

/** Why an engine could not start or go on: becomes a failed trial, never an exception that ends the session. */
export class EngineFailure extends Error {
  override readonly name = 'EngineFailure'
  readonly reason: FailureReason

  constructor(reason: FailureReason, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

/** Everything a backend may use of the outside; injected, so that a test drives it. */
export type BackendContext = {
  /** Monotonic. */
  now: () => Ns
  /** The launch's origin: every time stamp of its records counts from it. */
  origin: Ns
  /** Lines for `worker.log`. */
  log: (line: string) => void
  /** Where what a started engine prints goes, absolute; absent: nowhere. */
  engineLog?: string
  /** What an engine in processes of its own is marked with, so that nothing of it is ever left; absent: it gets one. */
  mark?: string
  /** For tests of verdicts: each token of the embedded engine comes later by this share of its time; absent: as it comes. */
  handicap?: number
}

/** One request that a load shape asks for; the backend stamps it. */
export type EngineRequest = {
  trial: TrialSpec
  /** 0-based within its phase. */
  index: number
  /** Which of the prepared jobs. */
  job: number
  phase: RequestTimeline['phase']
  client: number
  scheduled: Ns
  /** Called with the stamp of sending, as soon as that is known. */
  onSent?: (at: Ns) => void
}

/** Progress of a running request, for the limits: called on the hot path, so it must only store a number. */
export type OnContent = (at: Ns) => void

/** What a trial will send. */
export type Prepared = {
  /** Measured requests; infinitely many where the load has a duration. */
  requests: number
  /** In the order of the workload; in which they are sent is not the engine's to say. */
  jobs: readonly PreparedJob[]
}

/** `follows`: a conversation goes on with it, which the job before it in the list began. */
export type PreparedJob = Pick<RequestTimeline, 'promptId' | 'part'> & { follows?: true }

/** A started engine. */
export interface Engine extends AsyncDisposable {
  readonly facts: EngineFacts
  /** Aborted, with an `EngineFailure` that says why, when an engine in a process of its own has ended by itself. */
  readonly lost?: AbortSignal | undefined
  /** The process whose tree is the engine's, where that is not this one: a server that was started. */
  readonly pid?: number | undefined
  /** Prepares a trial: tokenizes its prompts. Throws an `EngineFailure` where they do not fit. */
  prepare(trial: TrialSpec): Promise<Prepared>
  /** The server's own counters since it was started, by name (`vllm:generation_tokens_total`); `undefined` where it has none. */
  counters?(): Promise<Readonly<Record<string, number>> | undefined>
  /** Sends one request and resolves with one timeline when it has ended; a failed request is an outcome, not an exception. */
  send(request: EngineRequest, onContent: OnContent, signal: AbortSignal): Promise<RequestTimeline>
}

/** An engine family. */
export interface Backend<B extends BackendConfig = BackendConfig> {
  /** Starts the engine; resolves when it is ready. Throws an `EngineFailure` that says why it could not. */
  start(launch: LaunchSpec<B>, context: BackendContext): Promise<Engine>
}
