import type { ClientHealth, Invalidity, MemorySample, TrialEnd } from '../domain/record.ts'
import type { TrialSpec } from '../domain/launch.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { TrialFacts } from '../measure/trial-facts.ts'
import { invalidities, type TrialSetting } from '../measure/validity.ts'
import { gpuSlowdown } from '../domain/gpu-slowdowns.ts'
import { throttledBetween, type ThrottleState } from '../telemetry/throttling.ts'
import type { NeededCores } from './needed-cores.ts'

type Options = {
  trial: Pick<TrialSpec, 'trialId' | 'workload'>
  setting: Omit<TrialSetting, 'end' | 'client'>
  /** Whether the engine's processes are ours to sample. */
  isHere: boolean
  /** Absent where that cannot be told. */
  needs?: NeededCores | undefined
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
  readonly #facts: TrialFacts
  #throttled: string | undefined

  constructor(options: Options) {
    this.trialId = options.trial.trialId
    this.#facts = new TrialFacts(options.trial.workload)
    this.#options = options
    this.#clockOffsetMs = options.wallMs() - options.monotonicMs()
  }

  add(sample: MemorySample): void {
    this.samples.push(sample)
  }

  request(timeline: RequestTimeline): void {
    this.#facts.add(timeline)
  }

  /** Of an answer the tokens that its server says, and those that a tokenizer counts. */
  counted({ said, tokens }: { said?: number; tokens: number }): void {
    if (said !== undefined) this.#facts.addOutput(said, tokens)
  }

  /** What the machine says of throttling as the trial ends. */
  slowed(after: ThrottleState): void {
    this.#throttled = throttledBetween(this.#options.throttle, after)
  }

  /** The reasons why the trial must not count; none if it may. */
  invalidity(end: TrialEnd, client?: ClientHealth): Invalidity[] {
    const around = [this.#slowdown(), this.#contention(), this.#clockGap(), this.#telemetry()]
    const inside = invalidities(this.#facts, { ...this.#options.setting, end, ...(client && { client }) })
    return [...around.filter((reason) => reason !== undefined), ...inside]
  }

  #slowdown(): Invalidity | undefined {
    const detail = this.#throttled ?? gpuSlowdown(this.samples.map(({ gpuSlowdowns }) => gpuSlowdowns))
    return detail === undefined ? undefined : { reason: 'throttled', detail }
  }

  // The first sample counts from before the trial.
  #contention(): Invalidity | undefined {
    const { needs, cores } = this.#options
    if (needs === undefined) return undefined
    const spans = this.samples.slice(1).flatMap(({ atUs, otherCores }, i) => {
      const us = atUs - (this.samples[i] as MemorySample).atUs
      return otherCores === undefined ? [] : [{ us, otherCores }]
    })
    const wholeUs = spans.reduce((sum, { us }) => sum + us, 0)
    const other = spans.reduce((sum, { us, otherCores }) => sum + us * otherCores, 0) / wholeUs
    const lacking = other + needs.cores - cores
    if (!(lacking > contentionLimit)) return undefined
    return {
      reason: 'contention',
      detail: `other processes took ${other.toFixed(2)} of ${cores} cores while ${needs.doing}`,
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
    if (!this.#options.isHere) return undefined // a server takes no memory here
    if (this.samples.some((sample) => sample.rssBytes !== undefined)) return undefined
    return { reason: 'telemetry-missing', detail: 'the memory of the engine could not be read' }
  }
}
