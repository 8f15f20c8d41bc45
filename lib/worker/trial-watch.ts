import type { Invalidity, MemorySample } from '../domain/record.ts'
import { throttledBetween, type ThrottleState } from '../telemetry/throttling.ts'

type Options = {
  trialId: number
  /** Of the engine. */
  threads: number
  /** `client`: the engine is a server, which takes no memory here. */
  of?: 'engine' | 'client'
  /** That the launch may use. */
  cores: number
  /** As the trial starts. */
  throttle: ThrottleState
  wallMs: () => number
  monotonicMs: () => number
}

/** Cores that others may take beyond the idle ones before a trial is invalid. */
export const contentionLimit = 0.15
/** By how much wall clock and monotonic clock may move apart within a trial. */
const clockGapMs = 1000

/** What is observed of the machine while a trial runs, and whether the trial is to be trusted. */
export class TrialWatch {
  readonly trialId: number
  readonly samples: MemorySample[] = []
  readonly #options: Options
  readonly #clockOffsetMs: number
  #throttled: string | undefined

  constructor(options: Options) {
    this.trialId = options.trialId
    this.#options = options
    this.#clockOffsetMs = options.wallMs() - options.monotonicMs()
  }

  add(sample: MemorySample): void {
    this.samples.push(sample)
  }

  /** What the machine says of throttling as the trial ends. */
  slowed(after: ThrottleState): void {
    this.#throttled = throttledBetween(this.#options.throttle, after)
  }

  /** The reasons why the trial must not count; none if it may. */
  invalidity(): Invalidity[] {
    const throttled =
      this.#throttled === undefined ? undefined : { reason: 'throttled' as const, detail: this.#throttled }
    return [throttled, this.#contention(), this.#clockGap(), this.#telemetry()].filter((reason) => reason !== undefined)
  }

  // The first sample counts from before the trial.
  #contention(): Invalidity | undefined {
    const { threads, cores } = this.#options
    const spans = this.samples.slice(1).flatMap(({ atUs, otherCores }, i) => {
      const us = atUs - (this.samples[i] as MemorySample).atUs
      return otherCores === undefined ? [] : [{ us, otherCores }]
    })
    const wholeUs = spans.reduce((sum, { us }) => sum + us, 0)
    const other = spans.reduce((sum, { us, otherCores }) => sum + us * otherCores, 0) / wholeUs
    const lacking = other + threads - cores
    if (!(lacking > contentionLimit)) return undefined
    return {
      reason: 'contention',
      detail: `other processes took ${other.toFixed(2)} of ${cores} cores while the engine computed with ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    }
  }

  #clockGap(): Invalidity | undefined {
    const gapMs = Math.abs(this.#options.wallMs() - this.#options.monotonicMs() - this.#clockOffsetMs)
    if (gapMs <= clockGapMs) return undefined
    return {
      reason: 'clock-gap',
      detail: `the clocks moved ${Math.round(gapMs)} ms apart: the machine slept or was set`,
    }
  }

  #telemetry(): Invalidity | undefined {
    if (this.#options.of === 'client') return undefined
    if (this.samples.some((sample) => sample.rssBytes !== undefined)) return undefined
    return { reason: 'telemetry-missing', detail: 'the memory of the engine could not be read' }
  }
}
