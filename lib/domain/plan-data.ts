import type { ImportedLog } from './imported-log.ts'
import type { ArtifactDescription } from './cell.ts'
import type { Manifest } from './manifest.ts'
import type { Metric, MetricValue } from './metric.ts'
import type { LaunchRole, Plan } from './plan.ts'
import type { Calibration, ClientHealth, Invalidity, LaunchOutcome, MemorySample } from './record.ts'
import type { FailureReason, RequestTimeline } from './timeline.ts'
import type { PlanVerdicts } from './verdict.ts'

export type LaunchRow = {
  id: number
  /** Position in the plan. */
  ordinal: number
  block: number
  arm: string
  stratum: string
  device: string
  /** Absent of the arms' own. */
  role?: LaunchRole
  attempt: number
  /** The launch that this one goes on for, where that was interrupted or crashed. */
  continues?: number
  status: 'pending' | 'running' | 'ok' | 'failed' | 'interrupted'
  outcome?: LaunchOutcome
  loadMs?: number
  manifestDigest?: string
  /** Where its spool is, and how much of it has been committed. */
  spool?: string
  spoolOffset: number
}

/** A trial ran again because it had failed, because it had not ended, or because its block was run again whole. */
export type Unused = 'retried' | 'interrupted' | 'block-repeated'

export type TrialRow = {
  id: number
  launchId: number
  cellId: string
  block: number
  /** Of its launch: no cell's value is made of it. */
  role?: LaunchRole
  status: 'pending' | 'running' | 'ok' | 'failed' | 'interrupted'
  reason?: FailureReason
  detail?: string
  invalid: readonly Invalidity[]
  /** Why it does not count: another trial was measured in its place. */
  unused?: Unused
  metrics: Partial<Record<Metric, MetricValue>>
  /** Where a server was asked. */
  client?: ClientHealth
}

export type RequestRow = {
  id: number
  trialId: number
  index: number
  phase: RequestTimeline['phase']
  part: RequestTimeline['part']
  promptId: string
  client: number
  /** Microseconds from the launch's origin. */
  sentUs: number
  /** Microseconds from `sent`. */
  doneUs: number
  status: 'ok' | 'failed'
  reason?: FailureReason
  promptTokens?: number
  outputTokens?: number
  metrics: Partial<Record<Metric, number>>
}

/** What was sampled while a trial ran, thinned: of each span of time the largest of each, of a clock the least. */
export type TrialTelemetry = {
  trialId: number
  /** Samples before thinning. */
  n: number
  /** In order; their times are from the trial's first sample. */
  samples: readonly MemorySample[]
}

/** What the measured requests of a trial at a server came to, beside their times; without those that were cut off. */
export type WireNotes = {
  trialId: number
  /** By reason, with the detail of one of them: text from the server is hostile. */
  failures: readonly { reason: FailureReason; n: number; example: string }[]
  /** Requests that had to open their connection anew. */
  reconnected: number
  /** How late requests left the client, in milliseconds: the 99th percentile by rank. */
  sendLagMs: number
}

/** What a cell answered greedily to a prompt: the text that came most often (hostile), and how many different ones came. */
export type GreedyAnswer = { cellId: string; promptId: string; text: string; texts: number }

/** Of a trial's measured requests that their engine timed itself: their number, and means in milliseconds. */
export type EngineTimes = { trialId: number; n: number; ttftMs: number; promptMs: number }

/** The measured arrivals of a trial's load that no client was free for. */
export type ClientQueue = {
  trialId: number
  /** All of them. */
  arrivals: number
  /** Those that waited for longer than 1 ms and 5 % of their `ttft_ms` (`noticeableWait`). */
  waited: number
  /** Of these, those for which there was none until the end of the duration. */
  unserved: number
}

/** So many waited that the load, and not what it asks, decides what is measured. */
export const hasTooFewClients = ({ arrivals, waited }: ClientQueue): boolean => waited > 0.05 * arrivals

/** What was measured of a cell in a session of another plan, before this one's began. */
export type CellHistory = {
  cellId: string
  planId: string
  startedAtMs: number
  /** Of its first launch. */
  manifest?: Manifest
  /** Those that ended well and count. */
  trials: readonly TrialRow[]
}

export type SessionRow = {
  id: number
  startedAtMs: number
  endedAtMs?: number
  resumes: number
  status: 'running' | 'ended' | 'interrupted'
  /** Where a server is asked. */
  calibration?: Calibration
}

/** All of one plan that a report needs, in a fixed order: the same store gives the same value. */
export type PlanData = {
  plan: Plan
  sessions: readonly SessionRow[]
  launches: readonly LaunchRow[]
  /** Those that count: of each planned trial the last attempt. */
  trials: readonly TrialRow[]
  /** Those in whose place another was measured: evidence, which nothing is derived from. */
  unused: readonly TrialRow[]
  /** Of twins and sentinels, used or not: they tell of the machine, and no cell's value is made of them. Absent where there are none. */
  beside?: readonly TrialRow[]
  /** Of the trials that count. */
  requests: readonly RequestRow[]
  /** Of the trials that count; absent where nobody asked for it. */
  telemetry?: readonly TrialTelemetry[]
  /** Of the trials that count; absent where no server was asked. */
  wire?: readonly WireNotes[]
  /** Of the trials that count and in which one waited; absent where none did. */
  queues?: readonly ClientQueue[]
  /** Of the trials that count, where engines answered greedily and prompts were sent as they are; absent where nobody asked for it. */
  answers?: readonly GreedyAnswer[]
  /** Of the trials that count; absent where nobody asked for it. */
  engineTimes?: readonly EngineTimes[]
  /** Cell by cell, the oldest first; absent where nobody asked for it. */
  history?: readonly CellHistory[]
  /** Logs of llama-perplexity that were imported under the model and quantization of a cell; not measured here. */
  imported?: readonly ImportedLog[]
  /** What is said of the declared comparison; absent where none was declared, or nobody asked for it. */
  verdicts?: PlanVerdicts
  /** By digest. */
  manifests: Readonly<Record<string, { manifest: Manifest; setup: string }>>
  /** What the artifacts turned out to be, by digest. */
  artifacts: Readonly<Record<string, { path: string; bytes: number; description: ArtifactDescription }>>
}

/** A plan's data without its requests, of which there may be millions. */
export type PlanSetting = Omit<PlanData, 'requests'>
