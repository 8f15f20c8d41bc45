import { EngineFailure } from '../domain/backend.ts'
import type { LaunchSpec, TrialSpec } from '../domain/launch.ts'
import type { ClientHealth, TrialEnd } from '../domain/record.ts'
import type { RequestTimeline } from '../domain/timeline.ts'
import { mergeHealth } from '../telemetry/client-watch.ts'
import type { FromClient } from './client-messages.ts'
import { ClientPart, type PartContext, type PartResult } from './client-part.ts'
import type { Client } from './client-process.ts'
import type { WatchedResult } from './watched-trial.ts'

type RunOptions = {
  onRequest: (index: number, timeline: RequestTimeline) => void
  signal: AbortSignal
  /** Called when all have warmed up; they begin when it has resolved. */
  warmedUp?: () => Promise<void>
}

/** Several processes that drive one load together, each attached to the server by itself. */
export class ClientGroup implements Disposable {
  readonly #clients: readonly Client[]
  readonly #context: Omit<PartContext, 'onRequest'>
  readonly #listeners: ((message: FromClient) => void)[]
  #crashed = false

  constructor(clients: readonly Client[], context: Omit<PartContext, 'onRequest'>) {
    this.#clients = clients
    this.#context = context
    this.#listeners = clients.map(() => () => {})
    for (const [at, client] of clients.entries()) client.onMessage((message) => this.#listeners[at]?.(message))
  }

  /** Whether it can drive another trial. */
  get isUsable(): boolean {
    return !this.#crashed
  }

  /** Attaches each to the server. Throws an `EngineFailure` where one cannot be. */
  async attach(launch: LaunchSpec): Promise<void> {
    const attached = this.#clients.map((client, at) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      this.#listeners[at] = (message) => {
        if (message.kind === 'attached') resolve()
        if (message.kind === 'failed') reject(new EngineFailure(message.reason, message.detail))
      }
      const lost = client.exited.then((how) => {
        throw new EngineFailure('crashed', `client process ${at + 1} of ${this.#clients.length} ${how}`)
      })
      lost.catch(() => {}) // it may end when all is done
      client.post({ kind: 'attach', launch })
      return Promise.race([promise, lost])
    })
    await Promise.all(attached)
  }

  /** Drives a trial: each warms up its own clients; when all have, they begin together. */
  async run(trial: TrialSpec, { onRequest, signal, warmedUp: onWarm }: RunOptions): Promise<WatchedResult> {
    const context = { ...this.#context, onRequest }
    const taking = this.#clients.slice(0, trial.load.clients)
    const parts = taking.map((client, part) => new ClientPart(client, { part, parts: taking.length }, context))
    for (const [at, part] of parts.entries()) this.#listeners[at] = (message) => part.take(message)
    const stopAll = () => parts.forEach((part) => part.stop())
    signal.addEventListener('abort', stopAll)
    for (const part of parts) {
      part.begin(trial)
      void part.ended.then(({ crashed }) => crashed === true && stopAll())
    }
    if (signal.aborted) stopAll() // while they attached, when there was no trial yet to be stopped
    const warm = await Promise.all(parts.map(({ warmedUp }) => warmedUp))
    if (warm.includes('ended')) stopAll()
    else {
      await onWarm?.()
      for (const part of parts) part.go()
    }
    const results = await Promise.all(parts.map(({ ended }) => ended))
    signal.removeEventListener('abort', stopAll)
    this.#crashed ||= results.some(({ crashed }) => crashed === true)
    // The clients of a closed load keep no common schedule.
    return merged(results, trial.load.kind !== 'closed')
  }

  [Symbol.dispose](): void {
    for (const client of this.#clients) client.kill()
  }
}

const isForced = ({ end }: PartResult) =>
  end.status === 'failed' && (end.reason === 'trial-timeout' || end.reason === 'stopped')

/** Of several processes as one; each began within the trip of our word to it and back. */
function healthOf(parts: readonly PartResult[], isScheduled: boolean): ClientHealth | undefined {
  const health = mergeHealth(parts.flatMap((part) => part.client ?? []))
  const trips = parts.flatMap(({ goTripMs }) => goTripMs ?? [])
  return health && (isScheduled && trips.length > 1 ? { ...health, beganApartMs: Math.max(...trips) } : health)
}

/** What ended one by force has ended the trial; else it failed where it did in all of them, as it would have in one. */
function merged(parts: readonly PartResult[], isScheduled: boolean): WatchedResult {
  const stuck = parts.find(({ engine }) => engine === 'stuck')
  const worst = parts.find(({ crashed }) => crashed) ?? stuck ?? parts.find(isForced)
  const ends = (worst === undefined ? parts : [worst]).map(({ end }) => end)
  const end: TrialEnd = ends.find(({ status }) => status === 'ok') ?? (ends[0] as TrialEnd)
  const client = healthOf(parts, isScheduled)
  return { end, engine: stuck === undefined ? 'usable' : 'stuck', ...(client && { client }) }
}
