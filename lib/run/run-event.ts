import type { Cell } from '../domain/cell.ts'
import type { MetricValue, Metric } from '../domain/metric.ts'
import type { LaunchRole } from '../domain/plan.ts'
import type { ClientQueue } from '../domain/plan-data.ts'
import type { FailureReason } from '../domain/timeline.ts'
import type { Invalidity, TrialEnd } from '../domain/record.ts'

/** What a run tells those who watch it. */
export type RunEvent =
  | { kind: 'started'; planId: string; trials: number; done: number }
  | { kind: 'collecting'; launchId: number }
  | { kind: 'launched'; launchId: number; block: number; attempt: number; arm: string; role?: LaunchRole }
  | {
      kind: 'trial-ended'
      cell: Cell
      block: number
      /** Of its launch. */
      role?: LaunchRole
      end: TrialEnd
      invalid: readonly Invalidity[]
      metrics: Partial<Record<Metric, MetricValue>>
      /** Of its measured requests, those that failed, by reason. */
      failures?: Partial<Record<FailureReason, number>>
      /** Arrivals that waited for a client, where some did. */
      queue?: ClientQueue
      /** It has failed and runs again. */
      again: boolean
      /** Trials that have ended, of all. */
      done: number
      trials: number
      /** Milliseconds that the rest may take, by the mean of those before. */
      leftMs: number
    }
  /** Blocks (from 0) that were interrupted and run again whole. */
  | { kind: 'blocks-repeated'; blocks: readonly number[] }
  /** Nothing goes on until there is room on a disk, or what a guard watches has passed. */
  | { kind: 'waiting'; for: 'disk' | 'guard'; detail: string }
  | { kind: 'waited'; for: 'disk' | 'guard' }
  | { kind: 'launch-ended'; launchId: number; how: string; goesOn: boolean }
