import {
  getModuleVersion,
  type Llama,
  type LlamaContext,
  type LlamaContextSequence,
  type LlamaModel,
} from 'node-llama-cpp'
import {
  type BackendContext,
  type Engine,
  EngineFailure,
  type EngineRequest,
  type OnContent,
  type Prepared,
} from '../domain/backend.ts'
import type { LaunchSpec, TrialSpec } from '../domain/launch.ts'
import type { EngineFacts } from '../domain/manifest.ts'
import type { EngineTimings, RequestOutcome, RequestTimeline } from '../domain/timeline.ts'
import type { EngineLog } from './engine-log.ts'
import { lastCounterLine, parseCounters } from './llama-cpp-counters.ts'
import { type Job, jobsOf } from './llama-cpp-jobs.ts'
import { runJob } from './llama-cpp-run.ts'

type Parts = { launch: LaunchSpec; llama: Llama; model: LlamaModel; context: BackendContext; log: EngineLog }

/** A loaded model with a context of one sequence per client. */
export class LlamaCppEngine implements Engine {
  readonly facts: EngineFacts
  readonly #parts: Parts
  #llamaContext: LlamaContext
  #sequences: LlamaContextSequence[]
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
      this.#llamaContext = await createContext(this.#parts, trial.load.clients)
      this.#sequences = sequencesOf(this.#llamaContext)
    }
    return prepared
  }

  async send(request: EngineRequest, onContent: OnContent, signal: AbortSignal): Promise<RequestTimeline> {
    const { origin, now } = this.#parts.context
    const job = this.#jobs[request.index % this.#jobs.length] as Job
    const sequence = this.#sequences[request.client] as LlamaContextSequence
    const us = (ns: number) => Math.round((ns - origin) / 1000)
    const head = {
      promptId: job.promptId,
      part: job.part,
      phase: request.phase,
      client: request.client,
      scheduledUs: us(request.scheduled),
    }
    const alone = this.#sequences.length === 1
    const sent = { at: now() }
    try {
      const { outcome, doneAt, ...observed } = await runJob(job, {
        sequence,
        model: this.#parts.model,
        now,
        onContent,
        signal,
        onSent: (at) => (sent.at = at),
      })
      // Tidied up here and not before the next request, whose schedule would have to wait for it.
      const engine = alone ? await this.#counters() : undefined
      await sequence.clearHistory()
      return {
        ...head,
        sentUs: us(sent.at),
        doneUs: Math.round((doneAt - sent.at) / 1000),
        outcome,
        cachedTokens: 0,
        ...observed,
        ...(engine && { engine }),
      }
    } catch (error) {
      const outcome: RequestOutcome = {
        status: 'failed',
        reason: 'engine-error',
        detail: String((error as Error).message),
      }
      return { ...head, sentUs: us(sent.at), doneUs: Math.round((now() - sent.at) / 1000), outcome }
    }
  }

  /** Reads the counters and sets them back. Of several clients together they would say nothing about one request. */
  async #counters(): Promise<EngineTimings> {
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
