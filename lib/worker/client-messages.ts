import type { LaunchSpec, TrialSpec } from '../domain/launch.ts'
import type { FailureReason, RequestTimeline } from '../domain/timeline.ts'
import type { Share } from '../load/share.ts'
import type { WatchedResult } from './watched-trial.ts'

/** What the driver tells one of several client processes. */
export type ToClient =
  | { kind: 'attach'; launch: LaunchSpec }
  /** Prepare and warm up, then wait for `go`. */
  | { kind: 'trial'; trial: TrialSpec; share: Share }
  | { kind: 'go' }
  | { kind: 'stop' }

/** What a client process tells the driver. Its times count from an origin of its own. */
export type FromClient =
  | { kind: 'attached' }
  | { kind: 'failed'; reason: FailureReason; detail: string }
  /** `trial` or `go` has come, then by its own time: what ties its times to the driver's. */
  | { kind: 'began'; phase: RequestTimeline['phase']; atUs: number }
  | { kind: 'warmed-up' }
  | { kind: 'request'; index: number; timeline: RequestTimeline }
  | { kind: 'ended'; result: WatchedResult }
