import {
  getModuleVersion,
  type Llama,
  type LlamaContext,
  type LlamaContextSequence,
  type LlamaModel,
  type Token,
} from 'node-llama-cpp'
import {
  type BackendContext,
  type Engine,
  EngineFailure,
  type EngineRequest,
  type OnContent,
  type Prepared,
} from '../domain/backend.ts'
import type { LlamaCppConfig } from '../domain/backend-config.ts'
import type { LaunchSpec, TrialSpec } from '../domain/launch.ts'
import type { EngineFacts } from '../domain/manifest.ts'
import type { EngineTimings, Ns, RequestTimeline } from '../domain/timeline.ts'
import type { EngineLog } from './engine-log.ts'
import { lastCounterLine, parseCounters } from './llama-cpp-counters.ts'
import { failureOf } from './llama-cpp-failure.ts'
import { type Job, jobsOf } from './llama-cpp-jobs.ts'
import { runJob } from './llama-cpp-run.ts'
import { Rounds } from './rounds.ts'

type Parts = {
  launch: LaunchSpec<LlamaCppConfig>
  llama: Llama
  model: LlamaModel
  context: BackendContext
  log: EngineLog
}

/** A loaded model with a context of one sequence per client. */
export class LlamaCppEngine implements Engine {
  readonly facts: EngineFacts
  readonly #parts: Parts
  #llamaContext: LlamaContext
  #sequences: LlamaContextSequence[]
  readonly #rounds = new Rounds()
  #jobs: readonly Job[] = []

  static async create(parts: Parts): Promise<LlamaCppEngine> {
    const llamaContext = await createContext(parts, 1)
    return new LlamaCppEngine(parts, llamaContext, await engineFacts(parts, llamaContext))
  }

  private constructor(parts: Parts, llamaContext: LlamaContext, facts: EngineFacts) {
    this.#parts = parts
    this.#llamaContext = llamaContext
    this.#sequences = sequencesOf(llamaContext)
    this.facts = facts
  }

  async prepare(trial: TrialSpec): Promise<Prepared> {
    const prepared = jobsOf(trial, this.#parts.model, this.#parts.launch.backend.contextSize)
    this.#jobs = prepared.jobs
    if (trial.load.clients !== this.#sequences.length) {
      await this.#llamaContext.dispose()
      this.#llamaContext = await this.#contextFor(trial.load.clients)
      this.#sequences = sequencesOf(this.#llamaContext)
    }
    return prepared
  }

  async #contextFor(clients: number): Promise<LlamaContext> {
    try {
      return await createContext(this.#parts, clients)
    } catch (error) {
      throw failureOf(error, this.#parts.launch.hardware.needs.accelerator)
    }
  }

  async send(request: EngineRequest, onContent: OnContent, signal: AbortSignal): Promise<RequestTimeline> {
    const { model, context } = this.#parts
    const { origin, now } = context
    const job = this.#jobs[request.job] as Job
    const sequence = this.#sequences[request.client] as LlamaContextSequence
    const us = (ns: Ns) => Math.round((ns - origin) / 1000)
    const { promptId, part } = job
    const { phase, client, scheduled } = request
    const head = { promptId, part, phase, client, scheduledUs: us(scheduled) }
    let sentAt = now()
    const onSent = (at: Ns) => {
      sentAt = at
      request.onSent?.(at)
    }
    const fillDepth = async (tokens: Token[]) => {
      await sequence.evaluateWithoutGeneratingNewTokens(tokens)
      await this.#counters()
    }
    const inStep = () => this.#rounds.next(client)
    const several = this.#sequences.length > 1 && { inStep }
    const held = context.handicap !== undefined && { handicap: context.handicap }
    try {
      const around = { sequence, model, now, onContent, signal, onSent, fillDepth, ...several, ...held }
      const { doneAt, ...observed } = await runJob(job, around).finally(() => this.#rounds.leave(client))
      const engine = await this.#tidyUp(sequence)
      const doneUs = Math.round((doneAt - sentAt) / 1000)
      return { ...head, sentUs: us(sentAt), doneUs, cachedTokens: 0, ...observed, ...(engine && { engine }) }
    } catch (error) {
      await this.#counters()
      const doneUs = Math.round((now() - sentAt) / 1000)
      const { message } = error as Error
      return {
        ...head,
        sentUs: us(sentAt),
        doneUs,
        outcome: { status: 'failed', reason: 'engine-error', detail: message },
      }
    }
  }

  /**
   * After a request and not before the next, whose schedule would have to wait for it: empties the sequence, reads llama.cpp's
   * counters and sets them back. Of several clients together they would say nothing about one request.
   */
  async #tidyUp(sequence: LlamaContextSequence): Promise<EngineTimings | undefined> {
    await sequence.clearHistory()
    return this.#counters()
  }

  async #counters(): Promise<EngineTimings | undefined> {
    if (this.#sequences.length > 1) return undefined
    return parseCounters(await this.#parts.log.capture(() => this.#llamaContext.printTimings(), lastCounterLine))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.llama.dispose()
  }
}

const sequencesOf = (context: LlamaContext) =>
  Array.from({ length: context.totalSequences }, () => context.getSequence())

async function createContext({ model, launch }: Parts, sequences: number): Promise<LlamaContext> {
  const { threads, batchSize, contextSize, flashAttention } = launch.backend
  const context = await model.createContext({
    sequences,
    threads,
    batchSize,
    contextSize,
    flashAttention,
    // With one client there is nothing to wait for: each token is evaluated at once.
    batching: { dispatchSchedule: sequences === 1 ? (dispatch) => dispatch() : 'nextCycle' },
    performanceTracking: true,
  })
  if (context.contextSize < contextSize)
    throw new EngineFailure(
      'context-overflow',
      `asked for a context of ${contextSize} tokens, the engine made one of ${context.contextSize}`,
    )
  return context
}

async function engineFacts({ launch, llama }: Parts, context: LlamaContext): Promise<EngineFacts> {
  const { description, digest, bytes } = launch.artifact
  if (description === undefined || bytes === undefined)
    throw new EngineFailure('artifact-missing', `${launch.artifact.path} was not described before the launch`)
  return {
    name: 'llama.cpp',
    version: `node-llama-cpp ${await getModuleVersion()}`,
    build: `${llama.llamaCppRelease.repo} ${llama.llamaCppRelease.release}, ${llama.buildType}`,
    accelerator: llama.gpu === false ? 'cpu' : llama.gpu,
    devices: await llama.getGpuDeviceNames(),
    threads: context.idealThreads,
    contextSize: context.contextSize,
    batchSize: context.batchSize,
    flashAttention: context.flashAttention === true,
    features: llama.systemInfo.trim(),
    artifact: { ...description, digest, bytes },
  }
}
