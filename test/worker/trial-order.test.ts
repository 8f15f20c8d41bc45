import { expect, test } from 'vitest'
import type { Engine, PreparedJob } from '../../lib/domain/backend.ts'
import type { TrialSpec } from '../../lib/domain/launch.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { runTrial } from '../../lib/worker/run-trial.ts'

const trial = {
  trialId: 7,
  cellId: 'cell',
  load: { kind: 'closed', clients: 2, requests: 8 },
  warmup: { requests: 1 },
  limits: { loadMs: 1000, firstTokenMs: 60_000, stallMs: 60_000, trialMs: 60_000, retries: 0 },
  orderSeed: 1,
} as const

/** The job of each measured request by its client, in a chat with these jobs. */
async function jobsSent(jobs: PreparedJob[], outcome: RequestTimeline['outcome'] = { status: 'ok', finish: 'stop' }) {
  const sent: number[][] = [[], []]
  const engine: Engine = {
    facts: {} as Engine['facts'],
    prepare: async () => ({ requests: 8, jobs }),
    async send({ phase, client, job }) {
      if (phase === 'measured') sent[client]?.push(job)
      return { ...prompt, phase, client, outcome, scheduledUs: 0, sentUs: 0, doneUs: 0 }
    },
    [Symbol.asyncDispose]: async () => {},
  }
  const workload = { name: 'chat', kind: 'chat', prompts: [], sampling: {}, output: 'natural', order: 'client' }
  const spec = { ...trial, workload } as unknown as TrialSpec
  const { signal } = new AbortController()
  await runTrial(spec, {
    engine,
    now: () => performance.now() * 1e6,
    origin: 0,
    sleepUntil: async () => {},
    onRequest: () => {},
    signal,
  })
  return sent
}
const prompt = { promptId: 'a', part: 'completion' } as const
const turn = { ...prompt, follows: true } as const

test('each client sends all prompts in an order of its own, where that is asked for', async () => {
  for (const sent of await jobsSent([prompt, prompt, prompt, prompt]))
    expect(sent.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3])
})

test('a client ends a conversation before it takes the next; the warm-up has no part in that', async () => {
  for (const sent of await jobsSent([prompt, turn, prompt, turn]))
    expect([
      [0, 1, 2, 3],
      [2, 3, 0, 1],
    ]).toContainEqual(sent)
})

test('a conversation whose turn has failed is left', async () => {
  const sent = await jobsSent([prompt, turn, prompt, turn], { status: 'failed', reason: 'server-error', detail: '' })
  for (const ofClient of sent) expect(ofClient.toSorted((a, b) => a - b)).toEqual([0, 0, 2, 2])
})
