import type { Cell } from './cell.ts'
import type { Guards } from './guard.ts'
import type { JsonValue } from './json.ts'
import type { Metric } from './metric.ts'
import type { InvalidReason } from './record.ts'

/** A cell that will not run, with why. */
export type SkippedCell = { axes: Readonly<Record<string, JsonValue>>; reason: SkipReason; detail: string }
export type SkipReason = 'excluded' | 'does-not-fit' | 'format' | 'target-missing' | 'engine-missing'

/** One engine process to be started: the trials of one arm in one block, counted from 0. */
export type PlannedLaunch = {
  block: number
  arm: string
  stratum: string
  device: string
  cellIds: readonly string[]
  role?: LaunchRole
}

/**
 * A launch beside the arms' own, of which no cell's value is made. `twin`: an arm once more in the same block, for the noise
 * floor (A/A); `sentinel`: one cell again and again through the session, for its drift.
 */
export type LaunchRole = 'twin' | 'sentinel'

/** The comparison that a file declares, with all that a verdict is held to: frozen before anything runs. */
export type Compare = {
  /** The axes whose values make the arms. */
  treatment: readonly string[]
  /** Arms as canonical JSON of their treatment (`Cell.arm`): `base` is A. Where the file names none: each arm against the first. */
  pairs: readonly { base: string; against: string }[]
  /** The declared metrics, in the order of the file, with their margins; where the file names none: the usual ones. */
  margins: readonly { metric: Metric; margin: number }[]
}

/** How many blocks a plan may have. */
export const mostBlocks = 1000

/** By metric, in its unit: `{ ttft_ms: 500, tpot_ms: 50 }`. */
export type Objectives = Readonly<Partial<Record<Metric, number>>>

/** One rate that was tried while the knee was looked for. */
export type Probe = {
  ratePerSecond: number
  /** Of the requests that ended or failed, the share that met every objective. */
  goodput: number
  requests: number
  /** Medians, where there are any. */
  ttftMs?: number
  tpotMs?: number
  /** What speaks against it: reasons, as those of trials. */
  invalid?: string
  /**
   * The share of arrivals that waited for a client: only where there were too few clients for the rate, while the server would
   * have been good, as far as these could ask it.
   */
  waited?: number
}

/** How the knee of a cell was found: the highest rate whose goodput stays at 95 % or more. */
export type KneeSearch = {
  cellId: string
  ratePerSecond: number
  probes: readonly Probe[]
  /** It is a lower bound: the client could not send faster, its clients were too few, or no higher rate may be asked for. */
  atLeast?: 'client' | 'too-few-clients' | 'range'
}

/** The share of requests that meet their objectives, at least, up to the knee. */
export const kneeGoodput = 0.95

const lateClient = new Set<string>(['client-late', 'client-busy'] satisfies InvalidReason[])

/** Whether a probe says less of the server than of the client that could not keep up. */
export const hasLateClient = ({ invalid }: Probe): boolean =>
  (invalid?.split(', ') ?? []).some((reason) => lateClient.has(reason))

/** Whether a probe says less of the server than of a load whose arrivals waited for one of its clients. */
export const lacksClients = ({ waited }: Probe): boolean => waited !== undefined

/** The frozen list of what will run, in order. */
export type Plan = {
  /** 12 hex digits. */
  id: string
  experiment: { name: string; title: string; question?: string; file: string; text: string; digest: string }
  /** Milliseconds since 1970, UTC. */
  createdAtMs: number
  /** The order of blocks and the prompts within them are drawn from it. */
  seed: number
  blocks: number
  cells: readonly Cell[]
  skipped: readonly SkippedCell[]
  /** In the order in which they run. */
  launches: readonly PlannedLaunch[]
  /** With it, a block that was interrupted runs again whole. */
  compare?: Compare
  /** What is looked at before each launch; no part of a cell. */
  guards?: Guards
  /** What a request has to meet to count as good: metrics of requests, each with the most it may be. */
  objectives?: Objectives
  /** How each rate that was to be found was found. */
  probes?: readonly KneeSearch[]
  /** Servers' bytes are kept with their times. */
  keepStreams?: true
  /** The command that made it, for the report. */
  command: string
}
