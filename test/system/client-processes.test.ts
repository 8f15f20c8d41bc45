import { afterAll, beforeAll, expect, test } from 'vitest'
import { openAi } from '../../lib/backend/openai.ts'
import { type RunningEmulator, startEmulator } from '../../lib/emulator/start-emulator.ts'
import type { LoadConfig } from '../../lib/domain/cell.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { startClient, type Client } from '../../lib/worker/client-process.ts'
import { driveLaunch } from '../../lib/worker/drive.ts'
import type { DriverMessage } from '../../lib/worker/messages.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { sleeper } from '../../lib/worker/sleep-until.ts'
import { evenly } from '../emulator/emulation.ts'
import { chatOf, openAiLaunch, sampling, trialOf } from '../backend/wire-launch.ts'

let emulator: RunningEmulator
beforeAll(async () => {
  emulator = await startEmulator({ ...evenly, firstTokenMs: 20, tokenMs: 2, slots: 256 }, { models: ['m'] })
})
afterAll(() => emulator[Symbol.asyncDispose]())

const short = chatOf({ sampling: { ...sampling, maxTokens: 4 }, output: 'fixed' })

/** Drives trials in several real processes; `onStarted` gets each as it is started. */
async function drive(loads: LoadConfig[], clientProcesses: number, onStarted: (client: Client, nth: number) => void) {
  const trials = loads.map((load, at) => trialOf(short, { trialId: at + 1, load, warmup: { requests: 1 } }))
  const launch = { ...openAiLaunch(emulator.url, { clientProcesses }), trials }
  const messages: DriverMessage[] = []
  const lines: string[] = []
  const started: Client[] = []
  await using sleeping = sleeper(launch, now)
  const outcome = await driveLaunch(launch, {
    backend: openAi,
    now,
    origin: now(),
    sleepUntil: sleeping.sleepUntil,
    log: (line) => void lines.push(line),
    post: (message) => void messages.push(message),
    startClient: () => {
      const client = startClient()
      started.push(client)
      onStarted(client, started.length)
      return client
    },
    acknowledged: async () => {},
    collectGarbage: () => {},
    stopNow: new AbortController().signal,
    stopAfterTrial: new AbortController().signal,
  })
  await Promise.all(started.map(({ exited }) => exited)) // none is left behind
  const ends = messages.filter((message) => message.kind === 'trial-ended')
  const rowsOf = (trialId: number, phase: RequestTimeline['phase']) =>
    messages.flatMap((message) =>
      message.kind === 'request' && message.trialId === trialId && message.timeline.phase === phase ? message : [],
    )
  return { outcome, ends, rowsOf, lines }
}

test('two processes drive one schedule: every request once, its times in order, all clients at work', async () => {
  const open: LoadConfig = { kind: 'poisson', ratePerSecond: 200, clients: 31, seed: 1, requests: 300 }
  const closed: LoadConfig = { kind: 'closed', clients: 5, requests: 23 }
  const { outcome, ends, rowsOf, lines } = await drive([open, closed], 2, () => {})
  expect(outcome).toEqual({ status: 'ok' })
  expect(ends.map(({ end }) => end)).toEqual([{ status: 'ok' }, { status: 'ok' }])
  expect(ends[0]?.client).toMatchObject({ processes: 2, underWay: { requests: 300 } })
  const rows = rowsOf(1, 'measured').toSorted((a, b) => a.index - b.index)
  expect(rows.map(({ index }) => index)).toEqual(Array.from({ length: 300 }, (_, i) => i))
  expect(
    rowsOf(1, 'warmup')
      .map(({ timeline }) => timeline.client)
      .toSorted((a, b) => a - b),
  ).toEqual(Array.from({ length: 31 }, (_, i) => i))
  for (const part of [0, 1]) {
    const scheduled = rows.filter(({ index }) => index % 2 === part).map(({ timeline }) => timeline.scheduledUs)
    expect(scheduled).toEqual(scheduled.toSorted((a, b) => a - b))
  }
  expect(new Set(rowsOf(2, 'measured').map(({ timeline }) => timeline.client))).toEqual(new Set([0, 1, 2, 3, 4]))
  expect(rowsOf(2, 'measured')).toHaveLength(23)
  expect(lines.filter((line) => line.includes('from go to its answer'))).toHaveLength(4)
})

test('a process that is killed fails its trial with the signal; the next trial has processes of its own', async () => {
  const load: LoadConfig = { kind: 'constant', ratePerSecond: 100, clients: 8, seed: 1, requests: 60 }
  const { outcome, ends, rowsOf } = await drive([load, load], 2, (client, nth) => {
    if (nth === 2) client.onMessage((message) => message.kind === 'request' && message.index > 20 && client.kill())
  })
  expect(outcome).toEqual({ status: 'ok' })
  expect(ends.map(({ end }) => end)).toEqual([
    { status: 'failed', reason: 'crashed', detail: 'client process 2 of 2 was ended by SIGKILL' },
    { status: 'ok' },
  ])
  expect(rowsOf(2, 'measured')).toHaveLength(60)
})
