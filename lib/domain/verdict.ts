import type { Metric } from './metric.ts'
import type { InvalidReason } from './record.ts'
import type { FailureReason } from './timeline.ts'

/** How two values of a metric are compared: B / A, or, where a metric can be 0, B - A in its unit. */
export type Scale = 'ratio' | 'difference'

/** Of the numbers that an `Estimate` is made of: a ratio or a difference. */
export type ChangeInterval = { low: number; high: number; confidence: number }

/** By how much B differs from A: a ratio (1.074: 7.4 % more) or a difference. */
export type Estimate = {
  scale: Scale
  change: number
  /** That which decides whether there is a difference: level 1 - 0.05 / k of k declared comparisons. */
  interval: ChangeInterval
  /** That which decides on equivalence: level 1 - 0.10 / k. */
  equivalence: ChangeInterval
  /** The studentised bootstrap beside `interval`, at its level; absent where it cannot be had. */
  check?: ChangeInterval
  /** What the estimate rests on: blocks of launches; of a deterministic quality metric the chunks of a text or the prompts. */
  of: 'blocks' | 'chunks' | 'prompts'
  n: number
  /** `unpaired`: the arms could not share a block (other hardware): Welch's t on their own values. */
  pairing: 'paired' | 'unpaired'
}

/** A block that does not count, with why: of which arm (`base` is A), and the trial's reason. */
export type BlockLoss = {
  block: number
  arm: 'base' | 'against'
  why:
    | { status: 'failed'; reason: FailureReason }
    | { status: 'invalid'; reason: InvalidReason }
    | { status: 'missing' }
}

/** A field of the manifests or settings in which two arms differ though their treatment does not imply it. */
export type ArmDifference = {
  /** A dotted path: `engine.build`, `engine.settings.kv_cache_dtype`, `backend.launch.args.cache-type-k`, `prompts`, ... */
  field: string
  /** As text, shortened: hostile. */
  base: string
  against: string
}

/** The first row of the decision table that fits. */
export type Verdict =
  /** The arms were measured in different plans. */
  | { row: 'measured-apart' }
  | { row: 'not-comparable'; differences: readonly ArmDifference[] }
  /** Lost in more than a fifth of the blocks. */
  | { row: 'invalid'; losses: readonly BlockLoss[]; blocks: number }
  /**
   * Planned blocks have not been measured yet: a look at a part of them would be another way to the wanted answer. Nothing is estimated.
   * `blocks`: all that are planned.
   */
  | { row: 'unfinished'; waiting: number; blocks: number }
  /** Shares of requests that failed, over 1 point apart. */
  | { row: 'error-rates'; base: number; against: number }
  /** `change`: B's answers / A's in tokens, of an end-to-end metric. */
  | { row: 'lengths-differ'; change: number }
  | { row: 'too-few-blocks'; blocks: number }
  /** 95 % interval wholly beyond the larger of margin and noise floor. */
  | { row: 'beyond-margin' }
  /** It would be equivalent, but the noise floor is not known or above the margin. */
  | { row: 'unresolved'; floor?: number }
  | { row: 'within-margin-but-different' }
  | { row: 'equivalent' }
  /** Differs; whether by more than the margin is open. */
  | { row: 'different' }
  /** `moreBlocks`: a new plan of about so many would decide; absent where nobody can say. */
  | { row: 'inconclusive'; moreBlocks?: number }

export type VerdictRow = Verdict['row']

/** One block of a comparison: B against A on the scale of the estimate, before anything is averaged. */
export type BlockValue = {
  block: number
  /** B / A, or B - A. */
  change: number
  /** The arms' own values in this block, in the metric's unit. */
  base: number
  against: number
  /** Which arm ran first. */
  first: 'base' | 'against'
  /** Flagged by the median absolute deviation; never left out. */
  outlier?: true
  /** Prompts that both arms finished, where the metric is of requests. */
  prompts?: number
}

/** One metric of one cell against the same of another. */
export type MetricComparison = {
  metric: Metric
  /** Ids of the cells. `base` is A. */
  base: string
  against: string
  /** Frozen in the plan; else exploratory. */
  declared: boolean
  /** On the ratio scale 0.02 is ± ln 1.02; on that of differences it is in the metric's unit. */
  margin: number
  /** The target's noise floor, on the same scale as the margin, where it was measured. */
  floor?: number
  verdict: Verdict
  /** Absent where the row leaves nothing to estimate from. */
  estimate?: Estimate
  /** In the order of blocks; empty where the estimate rests on chunks or prompts. */
  blocks: readonly BlockValue[]
  losses: readonly BlockLoss[]
  /** Planned blocks that have not been measured yet. */
  waiting: number
  /**
   * Of a quality metric, beside its verdict: whether B is worse by more than the margin. `no`: the one-sided 95 % bound is inside the
   * margin (or beyond it on the better side); `yes`: the interval is wholly beyond it on the worse side; else `open`.
   */
  worse?: 'yes' | 'no' | 'open'
  /**
   * Of a quality metric: by how much each arm's values differ at most between its launches, on the scale of the estimate (a ratio
   * - 1, or a difference), how many launches evaluated it, of the arm that has fewer, and in how many blocks that was planned. 0 of
   * several launches: it is deterministic; of one launch nobody knows.
   */
  repeats?: { blocks: number; launches: number; differ: { base: number; against: number } }
  /** Leaving out the flagged blocks would change the verdict. */
  fragile?: true
  /** The bootstrap that checks does not agree about whether there is a difference, or one beyond the larger of margin and floor. */
  disputed?: true
  /** What would have been said without blocking: the arms' own values, by Welch's t. */
  unblocked?: { estimate: Estimate; row: VerdictRow }
  /** An earlier session that agrees makes it replicated, if none says the opposite; absent for verdicts that claim nothing. */
  standing?: 'single-session' | 'replicated' | 'contradicted'
}

/** What a decision between two arms can rest on: speed counts only where quality is not worse and lengths are alike. */
export type JointVerdict = {
  outcome: JointOutcome
  /** The speed metric that is spoken of: the first declared one of speed. */
  speed?: Metric
  /** The quality metric that decided the outcome, where one did. */
  quality?: Metric
  /** Metrics told beside it, as they have verdicts: memory, cost. */
  beside: readonly Metric[]
}
export type JointOutcome =
  /** Beyond the margin, and quality is not worse. */
  | 'faster'
  | 'slower'
  | 'equivalent'
  /** Whatever the speed: quality is worse by more than its margin. */
  | 'quality-worse'
  /** Whether quality is within its margin is open. */
  | 'quality-open'
  /** None was measured: speed stands alone. */
  | 'quality-unknown'
  | 'lengths-differ'
  /** Speed itself is open. */
  | 'open'
  /** No verdict on speed: not comparable, invalid, too few blocks. */
  | 'none'

/** One cell of an arm against its counterpart of another: the same stratum, workload and load. */
export type CellComparison = {
  base: string
  against: string
  metrics: readonly MetricComparison[]
}

/** Two arms of a plan: A (`base`) and B. Arms are named by what they are in `Cell`: canonical JSON of their treatment. */
export type ArmComparison = {
  base: { arm: string; stratum: string }
  against: { arm: string; stratum: string }
  /** `false`: asked for on the command line, and so exploratory throughout. */
  declared: boolean
  /** Both arms were attached to running servers: "On these servers:", never replicated. */
  onServers: boolean
  /** Tokens of an arm were held back, for a test: it says nothing of the engines, and no other session's verdict rests on it. */
  heldBack?: true
  cells: readonly CellComparison[]
  joint: JointVerdict
}

/** By how much the sentinel of a plan changed from its first launch to its last: the machine, and no arm. */
export type SentinelDrift = {
  metric: Metric
  cellId: string
  /** Last / first by a straight line through all of them, or last - first. */
  change: number
  interval: ChangeInterval
  margin: number
  /** Launches that it rests on. */
  n: number
  /** Both more than chance and more than the margin. */
  isMore: boolean
}

/** Everything that is said of a plan's comparisons: what `compare`, the report and posts show. */
export type PlanVerdicts = {
  planId: string
  comparisons: readonly ArmComparison[]
  /** A/A: arms against their own twins. */
  twins: readonly ArmComparison[]
  /** Absent where the plan has no sentinel, or nothing can be said of it. */
  drifts?: readonly SentinelDrift[]
}
