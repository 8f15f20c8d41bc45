import type { LaunchSpec, TrialSpec } from './launch.ts'
import type { EngineFacts } from './manifest.ts'
import type { Ns, RequestTimeline } from './timeline.ts'

/** Everything a backend may use of the outside; injected, so that a test drives it. */
export type BackendContext = {
  /** Monotonic. */
  now: () => Ns
  /** Lines for `worker.log`. */
  log: (line: string) => void
  signal: AbortSignal
}

/** One request that a load shape asks for; the backend stamps it. */
export type EngineRequest = {
  trial: TrialSpec
  /** 0-based within its phase. */
  index: number
  phase: RequestTimeline['phase']
  client: number
  scheduled: Ns
}

/** Progress of a running request, for the limits: called on the hot path, so it must only store a number. */
export type OnContent = (at: Ns) => void

/** A started engine. */
export interface Engine extends AsyncDisposable {
  readonly facts: EngineFacts
  /** Prepares a trial (tokenizes its prompts) and says how many requests one pass over it has, if the workload fixes that. */
  prepare(trial: TrialSpec): Promise<{ requests?: number }>
  /** Sends one request and resolves with one timeline when it has ended; a failed request is an outcome, not an exception. */
  send(request: EngineRequest, onContent: OnContent, signal: AbortSignal): Promise<RequestTimeline>
}

/** An engine family. */
export interface Backend {
  /** Starts the engine; resolves when it is ready. A `LaunchFailure` says why it could not. */
  start(launch: LaunchSpec, context: BackendContext): Promise<Engine>
}
