import { type Engine, EngineFailure } from '../domain/backend.ts'
import {
  asksServer,
  attachedUrl,
  type BackendConfig,
  type EngineServerConfig,
  type OpenAiConfig,
} from '../domain/backend-config.ts'
import type { LoadConfig } from '../domain/cell.ts'
import type { LaunchSpec, TrialSpec } from '../domain/launch.ts'
import type { EngineFacts } from '../domain/manifest.ts'
import type { ServerCounters } from '../domain/record.ts'
import { growth } from '../wire/prometheus.ts'
import { ClientGroup } from './client-group.ts'
import type { Client } from './client-process.ts'
import { runTrial, type TrialContext } from './run-trial.ts'
import { type WatchedContext, watchedTrial, type WatchedResult } from './watched-trial.ts'

export type SenderContext = Pick<WatchedContext, 'now' | 'origin' | 'sleepUntil' | 'precedence'> & {
  log: (line: string) => void
  startClient: () => Client
}

type RunOptions = Pick<TrialContext, 'onRequest' | 'signal'>

/** Whether the process that is attached to a server sends a load's requests itself: more processes than clients do not take part. */
export const sendsItself = (backend: BackendConfig, load: Pick<LoadConfig, 'clients'>): boolean =>
  asksServer(backend) && Math.min(backend.clientProcesses, load.clients) === 1

/** What sends the requests of a launch: this process, or several where a server is asked and the backend says so. */
export class Sender implements Disposable {
  readonly #launch: LaunchSpec
  readonly #engine: Engine
  readonly #context: SenderContext
  #group: ClientGroup | undefined

  constructor(launch: LaunchSpec, engine: Engine, context: SenderContext) {
    this.#launch = launch
    this.#engine = engine
    this.#context = context
  }

  /** Runs a trial, and asks a server for its counters before and after what is measured. */
  async run(trial: TrialSpec, options: RunOptions): Promise<WatchedResult> {
    let before: ServerCounters | undefined
    const warmedUp = async () => void (before = await this.#engine.counters?.())
    const result = await this.#run(trial, { ...options, warmedUp })
    const after = before && (await this.#engine.counters?.())
    return { ...result, ...(before && after && { counters: growth(before, after) }) }
  }

  async #run(trial: TrialSpec, options: RunOptions & Pick<TrialContext, 'warmedUp'>): Promise<WatchedResult> {
    const { backend } = this.#launch
    const { now, origin, sleepUntil, precedence } = this.#context
    const alone = { engine: this.#engine, now, origin, sleepUntil, ...(precedence && { precedence }), ...options }
    // The client cannot be told apart from an engine in its process.
    if (!asksServer(backend)) return runTrial(trial, alone)
    // A text is scored once, whoever asks: several processes would each do it.
    if (sendsItself(backend, trial.load) || trial.workload.kind === 'perplexity') return watchedTrial(trial, alone)
    try {
      const group = await this.#attachedGroup(backend.clientProcesses)
      return await group.run(trial, options)
    } catch (error) {
      if (!(error instanceof EngineFailure)) throw error
      return { end: { status: 'failed', reason: error.reason, detail: error.message }, engine: 'usable' }
    }
  }

  async #attachedGroup(processes: number): Promise<ClientGroup> {
    if (this.#group?.isUsable) return this.#group
    this[Symbol.dispose]()
    const { startClient } = this.#context
    const group = new ClientGroup(Array.from({ length: processes }, startClient), this.#context)
    this.#group = group
    const { facts } = this.#engine
    const backend = attachable(this.#launch.backend, facts)
    const model = facts.server?.model ?? this.#launch.model
    await group.attach({ ...this.#launch, backend, model })
    return group
  }

  [Symbol.dispose](): void {
    this.#group?.[Symbol.dispose]()
    this.#group = undefined
  }
}

/** How another process attaches to the server that this one started, or is attached to. */
function attachable(backend: BackendConfig, { server }: EngineFacts): BackendConfig {
  if (!asksServer(backend) || attachedUrl(backend) !== undefined || server === undefined) return backend
  const { url } = server
  if (backend.kind !== 'emulator') return { ...backend, launch: undefined, url } as EngineServerConfig
  const { name, clientProcesses, salt, tokenizer } = backend
  const wire = { name, clientProcesses, salt, ...(tokenizer !== undefined && { tokenizer }) }
  return { kind: 'openai', url, ...wire } satisfies OpenAiConfig
}
