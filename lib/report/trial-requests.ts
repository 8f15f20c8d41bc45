import type { Metric } from '../domain/metric.ts'
import type { RequestRow } from '../domain/plan-data.ts'
import { randomSequence } from '../domain/seeded.ts'
import { PromptMeans, type PromptSeen } from './prompt-means.ts'

/** The request metrics whose every value is kept, for exact percentiles. */
export const distributed = [
  'ttft_ms',
  'ttft_scheduled_ms',
  'tpot_ms',
  'icl_ms',
  'e2e_ms',
  'decode_tps',
  'tg_tps',
  'pp_tps',
] as const satisfies readonly Metric[]

/** A request as a chart over time shows it; no text from outside is in it. */
export type TimedRequest = Pick<
  RequestRow,
  'id' | 'trialId' | 'index' | 'sentUs' | 'doneUs' | 'status' | 'reason' | 'outputTokens' | 'metrics'
>

/** What is known of all requests of a trial: counts and values are exact, `sample` is what single marks are drawn from. */
export type TrialRequests = {
  /** Warm-up too. */
  n: number
  measured: number
  failed: number
  outputTokens: { sum: number; n: number }
  /** How many of the measured requests that succeeded had so many tokens; of texts that are asked, not of windows. */
  lengths: { prompt: ReadonlyMap<number, number>; output: ReadonlyMap<number, number> }
  /** Of the measured requests that succeeded, ascending. */
  values: { readonly [M in Metric]?: Float64Array }
  /** The same by prompt, in the order in which they came; empty where prompts are more than a handful. */
  prompts: ReadonlyMap<string, PromptSeen>
  /**
   * Measured requests in the order in which they were sent: all of them, or the failed ones, the least and the largest of each
   * metric, and others drawn at random by a seed.
   */
  sample: readonly TimedRequest[]
}

const mostFailed = 30

/** Takes in the requests of one trial, one by one, and keeps at most `room` drawn ones besides those that always stay. */
export class TrialRequestsBuilder {
  readonly #room: number
  readonly #random: () => number
  readonly #drawn: TimedRequest[] = []
  readonly #failed: TimedRequest[] = []
  readonly #extremes = new Map<Metric, { least: TimedRequest; largest: TimedRequest }>()
  readonly #values = new Map<Metric, number[]>()
  readonly #prompts = new PromptMeans()
  readonly #outputTokens = { sum: 0, n: 0 }
  readonly #lengths = { prompt: new Map<number, number>(), output: new Map<number, number>() }
  readonly #counts = { n: 0, measured: 0, failed: 0 }

  constructor({ trialId, room }: { trialId: number; room: number }) {
    this.#room = room
    this.#random = randomSequence(trialId)
  }

  add(row: RequestRow): void {
    this.#counts.n += 1
    if (row.phase !== 'measured') return
    this.#counts.measured += 1
    if (row.outputTokens !== undefined) {
      this.#outputTokens.sum += row.outputTokens
      this.#outputTokens.n += 1
    }
    this.#prompts.add(row)
    this.#draw(this.#drawn, row, { n: this.#counts.measured, room: this.#room })
    if (row.status === 'failed') {
      this.#counts.failed += 1
      this.#draw(this.#failed, row, { n: this.#counts.failed, room: mostFailed })
    } else {
      this.#addLengths(row)
      for (const metric of distributed) this.#addValue(metric, row)
    }
  }

  #addLengths({ part, promptTokens, outputTokens }: RequestRow): void {
    if (part !== 'completion') return
    const { prompt, output } = this.#lengths
    if (promptTokens !== undefined) prompt.set(promptTokens, (prompt.get(promptTokens) ?? 0) + 1)
    if (outputTokens !== undefined) output.set(outputTokens, (output.get(outputTokens) ?? 0) + 1)
  }

  /** Vitter's reservoir: each of the `n` until now is equally likely to be among the `room` that are kept, early or late. */
  #draw(into: TimedRequest[], row: RequestRow, { n, room }: { n: number; room: number }): void {
    if (into.length < room) into.push(timed(row))
    else {
      const place = Math.floor(this.#random() * n)
      if (place < room) into[place] = timed(row)
    }
  }

  #addValue(metric: (typeof distributed)[number], row: RequestRow): void {
    const value = row.metrics[metric]
    if (value === undefined) return
    const known = this.#values.get(metric)
    if (known === undefined) this.#values.set(metric, [value])
    else known.push(value)
    const extremes = this.#extremes.get(metric)
    if (extremes === undefined) this.#extremes.set(metric, { least: timed(row), largest: timed(row) })
    else if (value < (extremes.least.metrics[metric] as number)) extremes.least = timed(row)
    else if (value > (extremes.largest.metrics[metric] as number)) extremes.largest = timed(row)
  }

  result(): TrialRequests {
    const extremes = [...this.#extremes.values()].flatMap(({ least, largest }) => [least, largest])
    const kept = new Map([...this.#drawn, ...this.#failed, ...extremes].map((request) => [request.id, request]))
    const values = [...this.#values].map(([metric, all]) => [metric, Float64Array.from(all).toSorted()] as const)
    return {
      ...this.#counts,
      outputTokens: this.#outputTokens,
      lengths: this.#lengths,
      values: Object.fromEntries(values),
      prompts: this.#prompts.result(),
      sample: [...kept.values()].toSorted((a, b) => a.sentUs - b.sentUs || a.id - b.id),
    }
  }
}

function timed(row: RequestRow): TimedRequest {
  const { id, trialId, index, sentUs, doneUs, status, metrics, reason, outputTokens } = row
  const request: TimedRequest = { id, trialId, index, sentUs, doneUs, status, metrics }
  if (reason !== undefined) request.reason = reason
  if (outputTokens !== undefined) request.outputTokens = outputTokens
  return request
}
