import { asksServer, attachedUrl } from '../domain/backend-config.ts'
import type { LaunchSpec, TrialSpec } from '../domain/launch.ts'
import type { EngineFacts, Manifest } from '../domain/manifest.ts'
import type { LaunchOutcome, TrialEnd } from '../domain/record.ts'
import type { Tokenizer } from '../domain/tokenizer.ts'
import type { Sample } from '../telemetry/memory-sampler.ts'
import type { ThrottleState } from '../telemetry/throttling.ts'
import { keptFacts } from './kept-facts.ts'
import type { DriverMessage, StopWhen, WorkerMessage } from './messages.ts'
import { neededCores } from './needed-cores.ts'
import { OutputCounter } from './output-counter.ts'
import type { NewRecord } from './record-writer.ts'
import { TrialWatch } from './trial-watch.ts'

/** The process that has the engine, as the worker sees it. */
export type Driver = {
  post: (message: WorkerMessage) => void
  kill: () => void
  /** Called for every message, in order. */
  onMessage: (listener: (message: DriverMessage) => void) => void
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}
export type SuperviseContext = {
  driver: Driver
  /** Returns the record's number. */
  append: (record: NewRecord) => number
  /** Counts what is written, where one is named. */
  tokenizer?: Tokenizer
  /** Resolves when all records are on the disk, which may have been full, or nobody waits for it any more. */
  drained: () => Promise<void>
  /** Of records that wait for room. */
  pendingBytes: () => number
  /** What is known of host and tool before the engine is started. */
  manifest: Omit<Manifest, 'engine'>
  sample: Sample
  /** The engine is this process and what comes of it. */
  follow: (pid: number) => void
  throttled: () => Promise<ThrottleState>
  logTail: () => string
  wallMs: () => number
  monotonicMs: () => number
  originNs?: number
}

type EndOfTrial = Extract<DriverMessage, { kind: 'trial-ended' }>

/** Beyond a trial's own limit, before the engine is ended by force. */
const forceAfterMs = 10_000
const sampleEveryMs = 250
/** Of records of one trial that a full disk does not take; then the trial is stopped, and measured again. */
const mostPendingBytes = 64 * 1024 * 1024

/** Watches one launch from outside of its engine: keeps its records, samples its memory, ends it where it does not answer. */
export class Supervision {
  readonly #launch: LaunchSpec
  readonly #context: SuperviseContext
  readonly #outputs: OutputCounter | undefined
  #outcome: LaunchOutcome | undefined
  #trial: TrialWatch | undefined
  #engine: EngineFacts | undefined
  #isHere = true
  #limit: NodeJS.Timeout | undefined
  #sampling: NodeJS.Timeout | undefined
  #ended: Promise<void> = Promise.resolve()
  #stopping = false

  constructor(launch: LaunchSpec, context: SuperviseContext) {
    this.#launch = launch
    this.#context = context
    this.#outputs = context.tokenizer && new OutputCounter(context.tokenizer)
    context.driver.onMessage((message) => {
      this.#ended = this.#ended.then(() => this.#take(message))
    })
  }

  /** Asks the engine to stop: at once, or when the trial that runs has ended. Where none runs, there is nothing to wait for. */
  stop(when: StopWhen): void {
    const idle = this.#trial === undefined
    this.#stopping ||= when === 'now' || idle
    if (idle) return this.#context.driver.kill()
    this.#context.driver.post({ kind: 'stop', when })
    if (when === 'now') setTimeout(() => this.#context.driver.kill(), forceAfterMs).unref()
  }

  /** Resolves when the launch has ended and its last trial has been written. */
  async ended(): Promise<LaunchOutcome> {
    const exit = await this.#context.driver.exited
    await this.#ended
    clearTimeout(this.#limit)
    clearInterval(this.#sampling)
    const outcome = this.#outcome ?? this.#crash(exit)
    if (this.#trial && outcome.status === 'failed') {
      const { reason, detail } = outcome
      this.#endTrial({ status: 'failed', reason, detail })
    }
    return outcome
  }

  async #take(message: DriverMessage): Promise<void> {
    switch (message.kind) {
      case 'refused':
        this.#outcome = { status: 'refused', detail: message.detail }
        return
      case 'locked':
        return this.#limitLoading()
      case 'loaded':
        return this.#takeLoaded(message)
      case 'trial-started':
        return this.#startTrial(message.trialId, message.atUs)
      case 'request':
        return this.#takeRequest(message)
      case 'trial-ended':
        clearTimeout(this.#limit)
        clearInterval(this.#sampling)
        await this.#sample('full')
        this.#trial?.slowed(await this.#context.throttled())
        await this.#countOutputs(message.trialId)
        this.#endTrial(message.end, message)
        await this.#context.drained() // nothing is measured that could not be kept
        return this.#context.driver.post({ kind: 'go' })
      case 'ended':
        this.#outcome =
          message.outcome.status === 'failed'
            ? { ...message.outcome, logTail: this.#context.logTail() }
            : message.outcome
    }
  }

  #takeLoaded(message: Extract<DriverMessage, { kind: 'loaded' }>): void {
    clearTimeout(this.#limit)
    const { loadMs } = message
    const { memory } = message.engine
    if (message.pid !== undefined) this.#context.follow(message.pid)
    this.#isHere = message.pid !== undefined || !asksServer(this.#launch.backend)
    const { originNs } = this.#context
    this.#engine = message.engine
    const { engine, conditions } = keptFacts(message.engine, this.#launch)
    const { manifest: before } = this.#context
    const manifest = { ...before, engine, conditions: { ...before.conditions, ...conditions } }
    const beside = { ...(memory && { memory }), ...(originNs !== undefined && { originNs }) }
    this.#context.append({ kind: 'loaded', loadMs, manifest, ...beside })
  }

  #takeRequest({ trialId, index, timeline }: Extract<DriverMessage, { kind: 'request' }>): void {
    const record = this.#context.append({ kind: 'request', trialId, index, ...timeline })
    this.#trial?.request(timeline)
    this.#outputs?.keep(record, timeline)
    if (this.#context.pendingBytes() > mostPendingBytes) this.stop('now')
  }

  async #countOutputs(trialId: number): Promise<void> {
    for await (const outputs of this.#outputs?.counts() ?? []) {
      for (const output of outputs) this.#trial?.counted(output)
      const tokens = outputs.map(({ record, tokens: counted }) => [record, counted] as const)
      this.#context.append({ kind: 'counted', trialId, tokens })
    }
  }

  #limitLoading(): void {
    const { loadMs } = (this.#launch.trials[0] as TrialSpec).limits
    // A driver that starts a server ends it by itself where that is not ready in time, and says what it was doing.
    const { backend } = this.#launch
    const startsServer = 'launch' in backend && attachedUrl(backend) === undefined
    this.#limit = this.#force(startsServer ? loadMs + forceAfterMs : loadMs, {
      reason: 'load-timeout',
      detail: `the engine was not ready within ${loadMs} ms`,
    })
  }

  async #startTrial(trialId: number, atUs: number): Promise<void> {
    const trial = this.#launch.trials.find((candidate) => candidate.trialId === trialId) as TrialSpec
    const { trialMs } = trial.limits
    const { append, drained, driver, manifest, wallMs, monotonicMs } = this.#context
    append({ kind: 'trial-started', trialId, atUs })
    await drained()
    this.#limit = this.#force(trialMs + forceAfterMs, {
      reason: 'trial-timeout',
      detail: `the trial did not end within ${trialMs} ms and did not stop`,
    })
    const { backend, hardware } = this.#launch
    const { artifact: model, server } = this.#engine ?? {}
    const { cores } = manifest.host
    const setting = { backend, hardware, ...(model && { model }) }
    const needs = neededCores(backend, cores, server)
    const throttle = await this.#context.throttled()
    this.#trial = new TrialWatch({ trial, setting, needs, cores, isHere: this.#isHere, throttle, wallMs, monotonicMs })
    await this.#sample('full')
    this.#sampling = setInterval(() => void this.#sample(), sampleEveryMs)
    driver.post({ kind: 'go' })
  }

  // Into the trial that was running when the sample was asked for.
  async #sample(detail?: 'full'): Promise<void> {
    const trial = this.#trial
    trial?.add(await this.#context.sample(detail))
  }

  #endTrial(
    end: TrialEnd,
    { atUs, client, counters }: Partial<Pick<EndOfTrial, 'atUs' | 'client' | 'counters'>> = {},
  ): void {
    clearInterval(this.#sampling)
    const trial = this.#trial
    if (trial === undefined) return
    this.#trial = undefined
    const { trialId, samples } = trial
    this.#context.append({ kind: 'memory', trialId, samples })
    const lastUs = atUs ?? samples.at(-1)?.atUs ?? 0
    const invalid = trial.invalidity(end, client)
    const told = { ...(client && { client }), ...(counters && { counters }) }
    this.#context.append({ kind: 'trial-ended', trialId, atUs: lastUs, end, invalid, ...told })
  }

  #force(ms: number, why: { reason: 'load-timeout' | 'trial-timeout'; detail: string }): NodeJS.Timeout {
    return setTimeout(() => {
      this.#outcome = { status: 'failed', ...why, logTail: this.#context.logTail() }
      this.#context.driver.kill()
    }, ms)
  }

  #crash({ code, signal }: { code: number | null; signal: NodeJS.Signals | null }): LaunchOutcome {
    if (this.#stopping) return { status: 'stopped' }
    const how = signal === null ? `exited with code ${code ?? 'unknown'}` : `was ended by ${signal}`
    const hint = signal === 'SIGKILL' ? ' (the system ends a process so when memory runs out)' : ''
    const detail = `the engine's process ${how}${hint}`
    return { status: 'failed', reason: 'crashed', detail, logTail: this.#context.logTail() }
  }
}
