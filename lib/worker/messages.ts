import type { EngineFacts } from '../domain/manifest.ts'
import type { ClientHealth, ServerCounters, TrialEnd } from '../domain/record.ts'
import type { FailureReason, RequestTimeline } from '../domain/timeline.ts'

/** What the driver (the process that has the engine) tells the worker that watches it. */
export type DriverMessage =
  | { kind: 'refused'; detail: string }
  /** The device is ours, and bases have been evaluated: from here on the engine loads. */
  | { kind: 'locked' }
  /** `pid`: the process whose tree is the engine's, where that is not the driver. */
  | { kind: 'loaded'; loadMs: number; engine: EngineFacts; pid?: number }
  | { kind: 'trial-started'; trialId: number; atUs: number }
  | { kind: 'request'; trialId: number; index: number; timeline: RequestTimeline }
  /** `client`: where a server was asked, and the measured part was reached. */
  | {
      kind: 'trial-ended'
      trialId: number
      atUs: number
      end: TrialEnd
      client?: ClientHealth
      counters?: ServerCounters
    }
  | { kind: 'ended'; outcome: DriverOutcome }

export type DriverOutcome =
  | { status: 'ok' }
  | { status: 'stopped' }
  | { status: 'failed'; reason: FailureReason; detail: string }

/** What the worker tells the driver. `go` answers a trial's start and end: memory has been read. */
export type WorkerMessage = { kind: 'go' } | { kind: 'stop'; when: StopWhen }

/** At once, or when the trial that runs has ended. */
export type StopWhen = 'now' | 'after-trial'
