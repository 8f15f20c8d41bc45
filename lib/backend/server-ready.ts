import { setTimeout as delay } from 'node:timers/promises'
import { EngineFailure } from '../domain/backend.ts'
import type { HttpTarget } from '../wire/http-exchange.ts'
import { getJson } from '../wire/http-get.ts'

export type ReadyOptions<T> = {
  target: HttpTarget
  health: string
  headers: Readonly<Record<string, string>>
  /** Attaches to it: rejects with an `EngineFailure` while it does not have the model, or answers nonsense. */
  attach: () => Promise<T>
  /** Aborted with the failure that ends the waiting: it has ended, or its time is up. */
  until: AbortSignal
  loadMs: number
}

/** Of what does not change by itself, how long it is waited for: an answer that is none, a model that is not there. */
const patience = { nonsenseMs: 5000, modelMs: 60_000 }
const firstPauseMs = 10
const longestPauseMs = 250

/**
 * Waits until a server says that it is ready, and has the model. Throws the `EngineFailure` of `until`, or what is wrong with
 * what the server answers where that stays so.
 */
export async function whenReady<T>({ target, health, headers, attach, until, loadMs }: ReadyOptions<T>): Promise<T> {
  const since = new Map<string, number>()
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const tried = await unlessOver(attempt({ target, health, headers, attach }), until)
    if ('ready' in tried) return tried.ready
    const { failure } = tried
    const firstMs = since.get(failure.reason) ?? performance.now()
    since.set(failure.reason, firstMs)
    if (performance.now() - firstMs > patienceMs(failure, loadMs)) throw failure
    await unlessOver(delay(pauseMs), until)
  }
}

type Tried<T> = { ready: T } | { failure: EngineFailure }

async function attempt<T>({
  target,
  health,
  headers,
  attach,
}: Omit<ReadyOptions<T>, 'until' | 'loadMs'>): Promise<Tried<T>> {
  try {
    const { status } = await getJson(target, health, headers)
    if (status !== 200) return { failure: new EngineFailure('server-error', `${health} answers ${status}`) }
    return { ready: await attach() }
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error
    const code = (error.cause as NodeJS.ErrnoException | undefined)?.code ?? ''
    return { failure: code.startsWith('HPE_') ? new EngineFailure('malformed-response', error.message) : error }
  }
}

function patienceMs({ reason }: EngineFailure, loadMs: number): number {
  if (reason === 'malformed-response' || reason === 'unauthorized') return Math.min(patience.nonsenseMs, loadMs / 2)
  return reason === 'request-refused' ? Math.min(patience.modelMs, loadMs / 2) : Infinity
}

/** What work comes to, or a rejection with the reason of `until` as soon as that is aborted. */
export async function unlessOver<T>(work: Promise<T>, until: AbortSignal): Promise<T> {
  until.throwIfAborted()
  work.catch(() => {}) // it is not waited for where the time is up
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(until.reason as Error)
  until.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    until.removeEventListener('abort', onAbort)
  }
}
