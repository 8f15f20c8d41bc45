import type { Arrival, LoadContext, LoadShape } from '../../lib/domain/load-shape.ts'

type Seen = { index: number; client: number; scheduledMs: number; sentMs: number; poolWaitMs: number; cutOff?: true }
type Options = { requests?: number; answerMs: (index: number) => number; abortAtMs?: number; lateMs?: number }

/**
 * Drives a shape in virtual time: its requests take `answerMs`, sleeping is late by `lateMs`, and the signal comes at `abortAtMs`.
 * Says what was sent when.
 */
export async function inVirtualTime(shape: LoadShape, options: Options): Promise<Seen[]> {
  const { requests = Number.POSITIVE_INFINITY, answerMs, abortAtMs, lateMs = 0 } = options
  const abort = new AbortController()
  const events: { atMs: number; happen: () => void }[] = []
  const seen: Seen[] = []
  let nowMs = 0
  const at = (atMs: number) =>
    new Promise<void>((happen) => {
      events.push({ atMs, happen })
      abort.signal.addEventListener('abort', () => happen(), { once: true })
    })
  const context: LoadContext = {
    now: () => nowMs * 1e6,
    signal: abort.signal,
    sleepUntil: async (ns) => (abort.signal.aborted ? undefined : at(ns / 1e6 + lateMs)),
    send: async ({ index, client, scheduled, poolWait }: Arrival) => {
      const request = { index, client, scheduledMs: scheduled / 1e6, sentMs: nowMs, poolWaitMs: poolWait / 1e6 }
      const { aborted } = abort.signal
      seen.push({ ...request, ...(aborted && { cutOff: true }) })
      if (!aborted) await at(nowMs + answerMs(index))
    },
  }
  if (abortAtMs !== undefined) events.push({ atMs: abortAtMs, happen: () => abort.abort() })
  let ended = false
  const driven = shape.drive(requests, context).finally(() => (ended = true))
  for (;;) {
    await new Promise(setImmediate)
    const next = events.toSorted((a, b) => a.atMs - b.atMs)[0]
    if (ended || next === undefined) break
    events.splice(events.indexOf(next), 1)
    nowMs = Math.max(nowMs, next.atMs)
    next.happen()
  }
  await driven
  return seen
}
