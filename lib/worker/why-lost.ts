import { type Engine, EngineFailure } from '../domain/backend.ts'
import type { FailureReason, RequestTimeline } from '../domain/timeline.ts'

/** How a request fails whose server has gone. */
const broken = new Set<FailureReason>(['unreachable', 'connection-reset', 'closed-early', 'crashed'])
/** A connection breaks before the system says that its process has ended. */
const lostMs = 1000

/** Whether a request failed as it does where its server has ended. */
export const isBroken = ({ outcome }: RequestTimeline): boolean =>
  outcome.status === 'failed' && broken.has(outcome.reason)

/** How a trial ended whose engine did. */
export const endOf = ({ reason, message }: EngineFailure) => ({ status: 'failed' as const, reason, detail: message })

/** Why an engine has ended by itself; `undefined` where it still runs. */
export async function whyLost({ lost }: Engine): Promise<EngineFailure | undefined> {
  if (lost === undefined) return undefined
  if (!lost.aborted) {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, lostMs)
    lost.addEventListener('abort', () => resolve(), { once: true })
    await promise
    clearTimeout(timer)
  }
  return lost.reason instanceof EngineFailure ? lost.reason : undefined
}
