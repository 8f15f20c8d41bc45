import { vi } from 'vitest'
import type { Engine, EngineRequest, OnContent } from '../../lib/domain/backend.ts'
import type { TrialSpec } from '../../lib/domain/launch.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import type { Share } from '../../lib/load/share.ts'
import { runTrial } from '../../lib/worker/run-trial.ts'

export const trial: TrialSpec = {
  trialId: 7,
  cellId: 'cell',
  workload: { name: 'decode', kind: 'prefill-decode', promptTokens: 0, outputTokens: 8, depth: 0, seed: 1 },
  load: { kind: 'closed', clients: 1, requests: 3 },
  warmup: { requests: 1 },
  limits: { loadMs: 1000, firstTokenMs: 100, stallMs: 50, trialMs: 10_000, retries: 0 },
  orderSeed: 1,
}
export const now = () => performance.now() * 1e6
export const ok: RequestTimeline['outcome'] = { status: 'ok', finish: 'length' }
export type Send = (
  request: EngineRequest,
  onContent: OnContent,
  signal: AbortSignal,
) => Promise<RequestTimeline['outcome']>

const us = (ns: number) => Math.round(ns / 1000)
const soundSleep = (at: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, Math.max(0, (at - now()) / 1e6))
    signal.addEventListener('abort', () => resolve())
  })

/** An engine whose requests end as the script says; for as many requests as the load has. */
export function engineThat(send: Send, prepare?: () => never): Engine {
  return {
    facts: {} as Engine['facts'],
    prepare: async ({ load }) => {
      const requests = 'requests' in load ? load.requests : Number.POSITIVE_INFINITY
      return prepare?.() ?? { requests, jobs: [{ promptId: 'tg8', part: 'decode' }] }
    },
    async send(request, onContent, signal) {
      const sentAt = now()
      request.onSent?.(sentAt)
      const outcome = await send(request, onContent, signal)
      const { phase, client, scheduled } = request
      const times = { scheduledUs: us(scheduled), sentUs: us(sentAt), doneUs: us(now() - sentAt) }
      return { promptId: 'tg8', part: 'decode', phase, client, outcome, ...times }
    },
    [Symbol.asyncDispose]: async () => {},
  }
}

/** Runs a trial in fake time; `rows` are its measured requests by index. */
export async function run(
  engine: Engine,
  signal = new AbortController().signal,
  spec = trial,
  sleepUntil = soundSleep,
  share?: Share,
) {
  const all: { index: number; timeline: RequestTimeline }[] = []
  const onRequest = (index: number, timeline: RequestTimeline) => void all.push({ index, timeline })
  const running = runTrial(spec, { engine, now, origin: 0, sleepUntil, onRequest, signal, ...(share && { share }) })
  await vi.runAllTimersAsync()
  const seen = all.map(({ index, timeline: { phase, outcome } }) => {
    return `${index} ${phase} ${outcome.status === 'ok' ? 'ok' : outcome.reason}`
  })
  const measured = all.filter(({ timeline }) => timeline.phase === 'measured').toSorted((a, b) => a.index - b.index)
  return { ...(await running), seen, rows: measured.map(({ timeline }) => timeline) }
}
