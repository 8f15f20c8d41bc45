import type { Metric } from './metric.ts'
import type { MetricComparison } from './verdict.ts'

/** Whether what a bundle says of its arms was found again; also of a single metric, where the bundle may have said nothing. */
export type ReproductionOutcome = 'reproduced' | 'not-reproduced' | 'inconclusive' | 'not-comparable'

/** Why. `there` is the lab of the bundle, `here` this one. */
export type ReproductionReason =
  /** Both intervals exclude no change, on the same side of it, overlap, and agree on the size. */
  | 'same-direction'
  /** As before, but one of them reaches twice what the other lab found: too wide to say that it is the same. */
  | 'size-open'
  /** Both are shown to be within the margin, and overlap. */
  | 'both-within'
  /** The intervals have no value in common. */
  | 'apart'
  /** Both exclude no change, on different sides of it. */
  | 'opposite'
  /** One is shown to be within the margin, the other beyond it. */
  | 'within-and-beyond'
  /** Here the direction is not decided. */
  | 'open-here'
  | 'no-verdict-here'
  /** The arms were not measured here. */
  | 'not-measured-here'
  /** The bundle itself decides nothing, so that there is nothing to reproduce. */
  | 'open-there'
  | 'no-verdict-there'

export type ReproducedMetric = {
  metric: Metric
  /** Of the comparison that the bundle declared; what it did not declare decides nothing where it declared any. */
  declared: boolean
  outcome: ReproductionOutcome | 'nothing-claimed'
  reason: ReproductionReason
  there: MetricComparison
  here?: MetricComparison
  /** The arms' own values in the metric's unit: of two machines, and judged by nobody. */
  values: { there?: ArmValues; here?: ArmValues }
}
export type ArmValues = { base: number; against: number }

/** A field of the setups in which two labs differ; several values of a lab stand side by side. Hostile. */
export type SetupDifference = { field: string; there?: string; here?: string }

export type Reproduction = {
  outcome: ReproductionOutcome
  /** By pair of arms, in the order of the bundle. */
  pairs: readonly { base: ArmName; against: ArmName; metrics: readonly ReproducedMetric[] }[]
}
export type ArmName = { arm: string; stratum: string }
