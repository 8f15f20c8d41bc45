import {
  EngineFailure,
  type BackendContext,
  type Engine,
  type EngineRequest,
  type OnContent,
  type Prepared,
} from '../domain/backend.ts'
import { encodeTimes } from '../domain/event-times.ts'
import type { TrialSpec } from '../domain/launch.ts'
import type { EngineFacts } from '../domain/manifest.ts'
import type { Ns, RequestOutcome, RequestTimeline } from '../domain/timeline.ts'
import { type PythonJobs, pythonJobs } from './python-jobs.ts'
import type { DoneMessage } from './python-messages.ts'
import type { PythonProcess, Told } from './python-process.ts'
import type { Message } from './wire-jobs.ts'

type Parts = {
  process: PythonProcess
  context: BackendContext
  facts: EngineFacts
  /** What its clock lacks of ours: 0 where both are the machine's. */
  behind: Ns
}
/** A request under way. */
type Flight = { onContent: OnContent; resolve: (done: DoneMessage) => void }
/** A conversation that a client is in: its next job, and all that was said. */
type Conversation = { next: number; said: readonly Message[] }

/** An engine in a Python process, ready to be asked. */
export class PythonSession implements Engine {
  readonly facts: EngineFacts
  readonly #parts: Parts
  readonly #flights = new Map<string, Flight>()
  readonly #conversations = new Map<number, Conversation>()
  #asked: PythonJobs | undefined
  #jobs: Prepared['jobs'] = []
  #sent = 0

  constructor(parts: Parts) {
    this.#parts = parts
    this.facts = parts.facts
    parts.process.onMessage((message) => this.#take(message))
  }

  get pid(): number {
    return this.#parts.process.pid as number
  }

  /** Aborted, with an `EngineFailure` that says why, when its process has ended by itself. */
  get lost(): AbortSignal {
    return this.#parts.process.lost
  }

  async prepare(trial: TrialSpec): Promise<Prepared> {
    const asked = pythonJobs(trial)
    const reply = await this.#parts.process.ask(asked.message)
    const prepared = asked.prepared(reply.kind === 'prepared' ? reply.prompts : [])
    this.#asked = asked
    this.#jobs = prepared.jobs
    this.#conversations.clear()
    return prepared
  }

  async send(request: EngineRequest, onContent: OnContent, signal: AbortSignal): Promise<RequestTimeline> {
    const { process, context } = this.#parts
    const said = this.#said(request)
    if (said === 'broke off')
      return this.#unanswered(request, 'cut-off', 'not sent: the answer before it in its conversation is lacking')
    const id = String((this.#sent += 1))
    const answer = Promise.withResolvers<DoneMessage | undefined>()
    this.#flights.set(id, { onContent, resolve: answer.resolve })
    const onLost = () => answer.resolve(undefined)
    const onAbort = () => process.say({ kind: 'stop', id })
    process.lost.addEventListener('abort', onLost, { once: true })
    request.onSent?.(context.now())
    process.say({
      kind: 'send',
      id,
      client: request.client,
      job: request.job,
      ...(said.goesOn && { messages: said.messages }),
    })
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    if (process.lost.aborted) onLost()
    const done = await answer.promise
    this.#flights.delete(id)
    process.lost.removeEventListener('abort', onLost)
    signal.removeEventListener('abort', onAbort)
    if (done === undefined) return this.#lostRequest(request)
    if (done.status === 'ok') this.#goOn(request, said.messages, done.output ?? '')
    return this.#timeline(request, done)
  }

  #take(message: Told): void {
    if (message.kind === 'broken') return
    const flight = this.#flights.get(message.id)
    const { behind } = this.#parts
    if (flight === undefined) return
    if (message.kind === 'content') for (const at of message.at) flight.onContent(at + behind)
    else {
      for (const at of message.at.slice(message.told)) flight.onContent(at + behind)
      flight.resolve(message)
    }
  }

  /** What was said before a request of a conversation, and by it; nothing where it is none. */
  #said({ client, job }: EngineRequest): { goesOn: boolean; messages: readonly Message[] } | 'broke off' {
    const before = this.#conversations.get(client)
    this.#conversations.delete(client)
    if (!this.#jobs[job]?.follows) return { goesOn: false, messages: this.#asked?.opening(job) ?? [] }
    if (before?.next !== job) return 'broke off'
    const content = (this.#asked as PythonJobs).text(job)
    return { goesOn: true, messages: [...before.said, { role: 'user', content }] }
  }

  #goOn({ client, job }: EngineRequest, said: readonly Message[], answer: string): void {
    if (!this.#jobs[job + 1]?.follows) return
    this.#conversations.set(client, { next: job + 1, said: [...said, { role: 'assistant', content: answer }] })
  }

  #timeline(request: EngineRequest, done: DoneMessage): RequestTimeline {
    const { behind } = this.#parts
    const { promptTokens, outputTokens, cachedTokens, output, nll, base, engine, at, tokens } = done
    const deltasUs = encodeTimes(at, done.sent)
    const events = at.length > 0 && { events: { deltasUs, ...(tokens.some((each) => each !== 1) && { tokens }) } }
    return {
      ...this.#head(request, done.sent + behind, done.done + behind),
      outcome: outcomeOf(done),
      promptTokens,
      ...(cachedTokens !== undefined && { cachedTokens }),
      ...(outputTokens !== undefined && { outputTokens, tokensFrom: 'engine' as const }),
      ...events,
      ...(engine && { engine: engine as NonNullable<RequestTimeline['engine']> }),
      ...(nll && { nll }),
      ...(base && { base }),
      ...(output !== undefined && { output }),
    }
  }

  #head({ job, phase, client, scheduled }: EngineRequest, sentAt: Ns, doneAt: Ns) {
    const { promptId, part } = this.#jobs[job] as Prepared['jobs'][number]
    const us = (ns: Ns) => Math.round((ns - this.#parts.context.origin) / 1000)
    const doneUs = Math.round((doneAt - sentAt) / 1000)
    return { promptId, part, phase, client, scheduledUs: us(scheduled), sentUs: us(sentAt), doneUs }
  }

  #lostRequest(request: EngineRequest): RequestTimeline {
    const { reason } = this.#parts.process.lost as { reason: unknown }
    const why = reason instanceof EngineFailure ? reason : new EngineFailure('crashed', String(reason))
    return this.#unanswered(request, why.reason, why.message)
  }

  #unanswered(request: EngineRequest, reason: EngineFailure['reason'], detail: string): RequestTimeline {
    const at = this.#parts.context.now()
    return { ...this.#head(request, at, at), outcome: { status: 'failed', reason, detail } }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.process[Symbol.asyncDispose]()
  }
}

function outcomeOf({ status, finish, reason, detail }: DoneMessage): RequestOutcome {
  if (status === 'ok') return { status, finish: finish ?? 'length' }
  return { status, reason: reason ?? 'engine-error', detail: detail ?? 'it says no more of it' }
}
