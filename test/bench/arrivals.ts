import { type RunningEmulator, startEmulator } from '../../lib/emulator/start-emulator.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { ClientGroup } from '../../lib/worker/client-group.ts'
import { startClient } from '../../lib/worker/client-process.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { evenly } from '../emulator/emulation.ts'
import { chatOf, openAiLaunch, sampling, trialOf } from '../backend/wire-launch.ts'
import type { Figure } from './bound.ts'

const requests = 5000
const load = { kind: 'poisson', ratePerSecond: 500, clients: 256, seed: 42, requests } as const

/** How far from its drawn moment a request leaves: 500 Poisson arrivals a second, from one process to a server in another. */
export async function arrivals(): Promise<Figure[]> {
  await using emulator = await startEmulator({ ...evenly, firstTokenMs: 50, slots: 256 }, { models: ['m'] })
  const late = (await sentTo(emulator)).map(({ sentUs, scheduledUs }) => Math.abs(sentUs - scheduledUs) / 1000)
  const sorted = late.toSorted((a, b) => a - b)
  const p99 = sorted[Math.ceil(0.99 * sorted.length) - 1] as number
  return [
    {
      what: 'arrivals at 500/s, sent for each that was drawn',
      value: late.length / requests,
      unit: '',
      limit: { atLeast: 1 },
    },
    { what: 'arrivals at 500/s, p99 |sent - scheduled|', value: p99, unit: 'ms', limit: { atMost: 1 } },
  ]
}

async function sentTo({ url }: RunningEmulator): Promise<RequestTimeline[]> {
  const workload = chatOf({ sampling: { ...sampling, maxTokens: 8 }, output: 'fixed' })
  const trial = trialOf(workload, { load, warmup: { requests: 2 } })
  const measured: RequestTimeline[] = []
  using group = new ClientGroup([startClient()], { now, origin: now(), log: () => {} })
  await group.attach({ ...openAiLaunch(url), trials: [trial] })
  const { end } = await group.run(trial, {
    onRequest: (_, timeline) => void (timeline.phase === 'measured' && measured.push(timeline)),
    signal: new AbortController().signal,
  })
  if (end.status === 'failed') throw new Error(end.detail)
  return measured.filter(({ outcome }) => outcome.status === 'ok')
}
