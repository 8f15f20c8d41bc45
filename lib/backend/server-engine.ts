import {
  type BackendContext,
  type Engine,
  EngineFailure,
  type EngineRequest,
  type OnContent,
  type Prepared,
  type PreparedJob,
} from '../domain/backend.ts'
import type { OpenAiConfig } from '../domain/backend-config.ts'
import type { WorkloadConfig } from '../domain/cell.ts'
import type { LaunchSpec, TrialSpec } from '../domain/launch.ts'
import type { EngineFacts } from '../domain/manifest.ts'
import type { Ns, RequestTimeline } from '../domain/timeline.ts'
import type { HttpTarget, StreamResult } from '../wire/http-exchange.ts'
import { graceMs } from '../wire/http-connection.ts'
import { CloseHabit } from '../wire/close-habit.ts'
import { getJson } from '../wire/http-get.ts'
import type { ConnectionPool } from '../wire/connection-pool.ts'
import { openHttpPool } from '../wire/http-pool.ts'
import { countersIn } from '../wire/prometheus.ts'
import { outcomeOf } from './answer-outcome.ts'
import { doneAtOf, observed } from './observed.ts'
import type { Ask, Protocol, Windows } from './protocol.ts'
import { authorizationOf, headersWith } from './request-headers.ts'
import { saltOf } from './salt.ts'
import { scoreOf } from './score-of.ts'
import { timelineWithoutKey } from './timeline-without-key.ts'
import { type Message, openingOf, type WireJob, wireJobs } from './wire-jobs.ts'

/** A server that was started for the engine and ends with it. */
export type OwnServer = AsyncDisposable & {
  /** Of a server of its own, whose memory is the engine's. */
  readonly pid?: number
  /** Aborted when it has ended by itself. */
  readonly lost?: AbortSignal
}

type Parts = {
  /** For a kind of workload. */
  protocol: (workload: WorkloadConfig['kind']) => Protocol
  /** What is asked for under which name, and what goes with each request. */
  wire: {
    target: HttpTarget
    model: string
    salt: boolean
    key?: string
    extraBody?: OpenAiConfig['extraBody']
    /** As `WindowAsking` has it. */
    likeliest: number
  }
  launch: Pick<LaunchSpec, 'planId' | 'launchId'>
  context: BackendContext
  facts: EngineFacts
  server?: OwnServer
}

/** What a server does that it had better not, for the log. */
const oddities = {
  key: 'the server sends the API key back: the bytes of such answers are not kept',
  closes:
    'the server closes connections after each response and does not say so: each request opens its own from now on',
  heldOpen: `the server does not end its responses: ${graceMs} ms after the answer's end they are ended here, and the next request opens a connection`,
}

/** A conversation that a client is in: its next job, and all that was said. */
type Conversation = { next: number; said: readonly Message[] }
type Sent = { protocol: Protocol; request: EngineRequest; job: WireJob; said: readonly Message[]; ask: Ask }

/** A server that is asked over one open connection for each client. */
export class ServerEngine implements Engine {
  readonly facts: EngineFacts
  readonly #parts: Parts
  #pool: ConnectionPool | undefined
  #clients = 0
  #jobs: readonly WireJob[] = []
  /** Of a text that is scored, in place of jobs. */
  #windows: Windows | undefined
  /** Whether it has any; not known before it was asked. */
  #hasCounters: boolean | undefined
  readonly #closes = () => this.#tellOnce('closes')
  readonly #habit = new CloseHabit(this.#closes)
  readonly #told = new Set<keyof typeof oddities>()
  readonly #conversations = new Map<number, Conversation>()

  constructor(parts: Parts) {
    this.#parts = parts
    this.facts = parts.facts
  }

  get pid(): number | undefined {
    return this.#parts.server?.pid
  }

  get lost(): AbortSignal | undefined {
    return this.#parts.server?.lost
  }

  async prepare(trial: TrialSpec): Promise<Prepared> {
    const { workload } = trial
    const protocol = this.#parts.protocol(workload.kind)
    this.#windows = undefined
    if (workload.kind === 'perplexity' && protocol.windows) {
      this.#windows = await protocol.windows(trial, workload, { ...this.#parts.wire, headers: this.#authorization })
      return { jobs: this.#windows.jobs, requests: this.#windows.jobs.length }
    }
    const prepared = wireJobs(trial)
    const why = protocol.whyNot?.(workload)
    if (why !== undefined) throw new EngineFailure('request-refused', why)
    if (protocol.closes) this.#habit.know()
    this.#jobs = prepared.jobs
    this.#conversations.clear()
    const { clients } = trial.load
    if (clients !== this.#clients) {
      await this.#close()
      const { wire, context } = this.#parts
      const options = { now: context.now, onLearned: this.#closes, habit: this.#habit }
      this.#pool = await (protocol.open ?? openHttpPool)(wire.target, clients, options)
      this.#clients = clients
    }
    return prepared
  }

  async send(request: EngineRequest, onContent: OnContent, signal: AbortSignal): Promise<RequestTimeline> {
    if (this.#windows) return this.#scored(this.#windows, request, signal)
    const sent = this.#asked(request)
    if (sent === undefined) return this.#unsent(request)
    const { wire } = this.#parts
    const { protocol, job } = sent
    const reader = protocol.reader(job.maxTokens, onContent)
    const result = await (this.#pool as ConnectionPool).stream(
      request.client,
      { ...sent.ask, headers: headersWith(wire.key, protocol, sent.ask) },
      {
        signal,
        onEvent: (data, at, read) => reader.take(data, at, read),
        onBytes: (bytes, start, end, at, read) => reader.takeBytes?.(bytes, start, end, at, read) ?? false,
        isOver: () => reader.isOver,
        ...(request.onSent && { onSent: request.onSent }),
        ...(request.trial.keepStreams && { keepStream: true }),
      },
    )
    if (result.heldOpen) this.#tellOnce('heldOpen')
    const chunks = reader.result(result.sentAt)
    const outcome = outcomeOf(result, chunks, {
      maxTokens: job.maxTokens,
      accept: protocol.accept,
      ending: protocol.ending,
    })
    if (outcome.status === 'ok') this.#goOn(sent, chunks.answer)
    const doneAt = doneAtOf(result, chunks)
    return this.#keyless({ ...this.#head(request, { ...result, doneAt }), outcome, ...observed(chunks, result) })
  }

  async #scored(windows: Windows, request: EngineRequest, signal: AbortSignal): Promise<RequestTimeline> {
    const { now } = this.#parts.context
    const sentAt = now()
    request.onSent?.(sentAt)
    const found = await scoreOf(windows, request.job, signal)
    return this.#keyless({ ...this.#head(request, { sentAt, doneAt: now() }), ...found })
  }

  /** What a request sends; `undefined` where the conversation that it goes on with broke off. */
  #asked(request: EngineRequest): Sent | undefined {
    const { client, job: index } = request
    const job = this.#jobs[index] as WireJob
    const { wire } = this.#parts
    const protocol = this.#parts.protocol(job.workload.kind)
    const before = this.#conversations.get(client)
    this.#conversations.delete(client)
    if (job.follows) {
      if (before?.next !== index) return undefined
      const said = [...before.said, { role: 'user' as const, content: job.text }]
      return { protocol, request, job, said, ask: protocol.ask(job, wire, { said }) }
    }
    const salt = wire.salt ? this.#saltOf(request) : ''
    const said = this.#jobs[index + 1]?.follows ? openingOf(job, salt) : []
    return { protocol, request, job, said, ask: protocol.ask(job, wire, { salt }) }
  }

  /** Drawn from what makes a request another than all others, those of other plans at the same server too. */
  #saltOf({ trial, phase, index, client }: EngineRequest): string {
    const { planId, launchId } = this.#parts.launch
    return saltOf([planId, launchId, trial.trialId, trial.orderSeed, phase, index, client])
  }

  #goOn({ request, said }: Sent, answer: string): void {
    if (!this.#jobs[request.job + 1]?.follows) return
    const next = { next: request.job + 1, said: [...said, { role: 'assistant' as const, content: answer }] }
    this.#conversations.set(request.client, next)
  }

  #head(request: EngineRequest, { sentAt, doneAt }: Pick<StreamResult, 'sentAt' | 'doneAt'>) {
    const { promptId, part } = (this.#windows?.jobs ?? this.#jobs)[request.job] as PreparedJob
    const us = (ns: Ns) => Math.round((ns - this.#parts.context.origin) / 1000)
    const { phase, client, scheduled } = request
    const doneUs = Math.round((doneAt - sentAt) / 1000)
    return { promptId, part, phase, client, scheduledUs: us(scheduled), sentUs: us(sentAt), doneUs }
  }

  #keyless(timeline: RequestTimeline): RequestTimeline {
    const { key } = this.#parts.wire
    const kept = timelineWithoutKey(timeline, key)
    if (timeline.stream && !kept.stream) this.#tellOnce('key')
    return kept
  }

  get #authorization(): Readonly<Record<string, string>> {
    return authorizationOf(this.#parts.wire.key)
  }

  #tellOnce(what: keyof typeof oddities): void {
    if (!this.#told.has(what)) this.#parts.context.log(oddities[what])
    this.#told.add(what)
  }

  #unsent(request: EngineRequest): RequestTimeline {
    const at = this.#parts.context.now()
    const detail = 'not sent: the answer before it in its conversation is lacking'
    return {
      ...this.#head(request, { sentAt: at, doneAt: at }),
      outcome: { status: 'failed', reason: 'cut-off', detail },
    }
  }

  async counters(): Promise<Readonly<Record<string, number>> | undefined> {
    if (this.#hasCounters === false) return undefined
    const { target } = this.#parts.wire
    const got = await getJson(target, '/metrics', { ...this.#authorization, accept: 'text/plain' }).catch(
      () => undefined,
    )
    const counters = got?.status === 200 ? countersIn(got.body) : {}
    this.#hasCounters = Object.keys(counters).length > 0
    return this.#hasCounters ? counters : undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close()
    await this.#parts.server?.[Symbol.asyncDispose]()
  }

  async #close(): Promise<void> {
    const pool = this.#pool
    this.#pool = undefined
    this.#clients = 0
    await pool?.[Symbol.asyncDispose]()
  }
}
