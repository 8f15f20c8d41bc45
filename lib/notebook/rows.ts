import type { Metric, metrics } from '../domain/metric.ts'

/** The metrics that a single request has; a trial and a cell have all of them. */
export type RequestMetric = {
  [M in Metric]: (typeof metrics)[M]['level'] extends 'request' ? M : never
}[Metric]

/** What an axis may be set to. */
export type AxisValue = string | number | boolean | null
/** The value of every axis of a cell, by the axis' name. */
export type Axes = { readonly [axis: string]: AxisValue }

/** What every row has: where it belongs, as data/store.md describes it. */
export type RowPlace = {
  readonly plan_id: string
  readonly experiment: string
  readonly cell_id: string
  readonly axes: Axes
  readonly arm: string
  readonly stratum: string
}
/** Where a row of a trial belongs. */
export type TrialPlace = RowPlace & {
  readonly launch_id: number
  readonly block: number
  readonly attempt: number
  readonly device: string
  /** `twin` or `sentinel`: no cell's value is made of it. */
  readonly role: string | null
  readonly trial_id: number
}
/** Where a row of a request belongs. */
export type RequestPlace = TrialPlace & {
  readonly request_id: number
  readonly phase: string
  readonly ordinal: number
  readonly part: string
  readonly prompt_id: string
  readonly client: number
  readonly status: string
  readonly reason: string | null
  /** Why the whole trial is doubtful, as JSON. */
  readonly invalid: string | null
  /** Why the trial does not count, where it does not. */
  readonly unused: string | null
}

/** A cell: means over its launches. `null` is what was not measured; a skipped cell has neither id nor values. */
export type CellRow = Omit<RowPlace, 'cell_id' | 'arm' | 'stratum'> & {
  readonly cell_id: string | null
  readonly arm: string | null
  readonly stratum: string | null
  readonly status: string
  readonly reason: string | null
  /** Trials that are doubtful, that failed, and launches behind the values. */
  readonly invalid: number
  readonly failed: number
  readonly n: number
} & { readonly [M in Metric]: number | null }

/** A trial: one cell measured once. */
export type TrialRow = TrialPlace & {
  readonly status: string
  readonly reason: string | null
  readonly detail: string | null
  readonly invalid: string | null
  readonly unused: string | null
} & { readonly [M in Metric]: number | null }

/** A request of a trial; times in microseconds since `sent`, `sent_us` since the trial began. */
export type RequestRow = RequestPlace & {
  readonly detail: string | null
  readonly scheduled_us: number | null
  readonly sent_us: number | null
  readonly done_us: number | null
  readonly finish: string | null
  readonly prompt_tokens: number | null
  readonly cached_tokens: number | null
  readonly output_tokens: number | null
  readonly tokens_from: string | null
  readonly pool_wait_us: number | null
  readonly connect_us: number | null
  readonly first_chunk_us: number | null
  readonly counted_tokens: number | null
} & { readonly [M in RequestMetric]: number | null }

/** One content event of a request: `at_us` microseconds after it was sent. */
export type EventRow = RequestPlace & {
  readonly event: number
  readonly at_us: number
  readonly delta_us: number
  readonly tokens: number | null
  readonly characters: number | null
  readonly channel: string
  readonly socket_read: number
}
