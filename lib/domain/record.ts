import type { EngineMemory, Manifest } from './manifest.ts'
import type { FailureReason, RequestTimeline } from './timeline.ts'

/** What the engine's process tree, and the GPUs that it uses, took at one moment; absent fields were not readable. */
export type MemorySample = {
  /** Microseconds from the launch's origin. */
  atUs: number
  rssBytes?: number
  /** Of the resident memory: what is in no file, and what a file or shared memory is behind. */
  anonBytes?: number
  fileBytes?: number
  /** Resident, pages that processes share by their share; and its two parts, as above. */
  pssBytes?: number
  pssAnonBytes?: number
  pssFileBytes?: number
  /** CPU time up to now, of processes of the tree that have ended too. */
  cpuSeconds?: number
  processes?: number
  /** Of this process tree, as the driver says: observed. */
  vramBytes?: number
  /** Of the GPUs as a whole, whoever uses them: sums, */
  gpuUsedBytes?: number
  /** what driver and firmware keep for themselves, */
  gpuReservedBytes?: number
  gpuPowerW?: number
  /** the mean, in percent of the time, */
  gpuUtilization?: number
  /** the hottest, */
  gpuCelsius?: number
  /** the slowest, */
  gpuSmMhz?: number
  /** and the reasons of any of them for slower clocks, as the driver's bits. */
  gpuSlowdowns?: number
  /** Cores that everything but the engine's process tree kept busy since the last sample, stolen time included. */
  otherCores?: number
}

/** Why a trial must not be used in a verdict. */
export type Invalidity = { reason: InvalidReason; detail: string }
export type InvalidReason =
  | 'contention'
  | 'clock-gap'
  | 'telemetry-missing'
  | 'throttled'
  /** Requests left too late. */
  | 'client-late'
  /** What came was seen too late. */
  | 'client-busy'
  | 'cached-prompts'
  | 'token-count'
  | 'littles-law'
  | 'beyond-bandwidth'

/** Of many values. */
export type Spread = { p50: number; p99: number; max: number }

/** What the system gave the client so that it stamps when something comes, and not when its turn comes. */
export type Precedence = {
  /** Its thread runs before all ordinary ones. */
  realTime: boolean
  /** The cores of a virtual machine wait for work awake. */
  awake: boolean
}

/** How a client that speaks to a server did during the measured part of a trial: the error that it may have added. */
export type ClientHealth = {
  processes: number
  precedence?: Precedence
  /** Of all processes together, in seconds per second. */
  cpuCores: number
  /** How late the event loop came to what was due, of the worst process. */
  loopDelayMs: Spread
  /** Of all processes; of requests that were answered or not. */
  events: number
  reads: number
  /** Over all socket reads that brought at least one content event. */
  eventsPerRead: Spread
  /**
   * Requests let go, the time that they were under way, added up, and the stretch from when the first was let go until the last
   * was done with: counted beside their records, for Little's law.
   */
  underWay?: { requests: number; seconds: number; stretchSeconds?: number }
  /** Of an open load, by how much the beginnings of several processes may lie apart at most: the longest way of the word to begin, and back. */
  beganApartMs?: number
}

/** By how much each of a server's own counters grew from before the first measured request until after the last, by its name there. */
export type ServerCounters = Readonly<Record<string, number>>

/** What this client adds by itself on this machine: measured before a session, against a server that answers at once. */
export type Calibration = {
  atMs: number
  precedence?: Precedence
  ttftMs: Spread
  /** Between two events that were written at a known distance: by how much what was seen differs from what was written. */
  gapErrorMs: Spread
  /** Of arrivals at a constant rate. */
  sendLagMs: Spread
  loopDelayMs: Spread
  /** What one process takes. */
  eventsPerSecond: number
  cpuUsPerEvent: number
}

export type TrialEnd = { status: 'ok' } | { status: 'failed'; reason: FailureReason; detail: string }

/** One line of a spool's `records.ndjson`. `n` counts from 1 without gaps; the last record is `done`. */
export type SpoolRecord = { n: number } & (
  | { kind: 'claimed'; attempt: number; pid: number; atMs: number }
  /** The engine is not started yet: what has to change first, such as the temperature. */
  | { kind: 'waiting'; detail: string; atMs: number }
  /** `originNs`: from when the launch's times count, by the machine's monotonic clock, so that others of its processes can be held against them. */
  | { kind: 'loaded'; loadMs: number; manifest: Manifest; memory?: EngineMemory; originNs?: number }
  | { kind: 'trial-started'; trialId: number; atUs: number }
  | ({ kind: 'request'; trialId: number; index: number } & RequestTimeline)
  /** Output tokens as a named tokenizer counts them: of each request the number of its record, and the tokens. */
  | { kind: 'counted'; trialId: number; tokens: readonly (readonly [record: number, tokens: number])[] }
  | { kind: 'memory'; trialId: number; samples: readonly MemorySample[] }
  | {
      kind: 'trial-ended'
      trialId: number
      atUs: number
      end: TrialEnd
      invalid: readonly Invalidity[]
      client?: ClientHealth
      counters?: ServerCounters
    }
  | { kind: 'done'; outcome: LaunchOutcome; atMs: number }
)

/** How a launch ended; `crashed` carries the signal or exit code and the tail of its log. */
export type LaunchOutcome =
  | { status: 'ok' }
  | { status: 'failed'; reason: FailureReason; detail: string; logTail: string }
  | { status: 'stopped' }
  /** Nothing was measured: another program has the device, or a guard forbids it. */
  | { status: 'refused'; detail: string; by?: 'guard' }
