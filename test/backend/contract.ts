import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { type Engine, EngineFailure, type EngineRequest } from '../../lib/domain/backend.ts'
import type { ChatWorkload, CompletionWorkload, Prompt, WorkloadConfig } from '../../lib/domain/cell.ts'
import type { TrialSpec } from '../../lib/domain/launch.ts'
import type { Ns, RequestTimeline } from '../../lib/domain/timeline.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { runTrial } from '../../lib/worker/run-trial.ts'
import { timerSleep } from '../../lib/worker/sleep-until.ts'
import { trialOf } from './wire-launch.ts'

/** A backend as the contract tries it. */
export type Subject = {
  /** Starts the engine for a launch of its own, its clock from `origin`. */
  start: (origin: Ns) => Promise<Engine>
  /** At least two prompts, and 16 tokens of output or more, of a fixed length. */
  completion: CompletionWorkload
  /** The same in a chat, where it has any. */
  chat?: ChatWorkload
  /** An output of a fixed length that takes many times as long as the one of `completion`. */
  long: CompletionWorkload
  /** What the backend cannot do, though another can. */
  impossible: WorkloadConfig
  /** It says no counts of tokens: a tokenizer's are all there is. */
  countless?: true
  /** It answers one request after the other, whoever asks. */
  serial?: true
  /** Its answers are of the length that is asked for, and end by themselves there: recorded ones. */
  finish?: 'stop'
}

/** What each backend owes to the rest (`lib/domain/backend.ts`). Whoever adds one runs it; a server has `server-contract.ts` besides. */
export function backendContract(name: string, subject: Subject): void {
  describe(`the backend ${name}`, () => {
    const { start, completion, chat, long, impossible, serial, finish = 'length' } = subject
    const both = chat ? [completion, chat] : [completion]
    const outputTokens = completion.sampling.maxTokens
    const expectWhole = (timeline: RequestTimeline) =>
      (subject.countless ? expectEnded : expectCounted)(timeline, { outputTokens, finish })

    test('says what it is, and the artifact that was planned', async () => {
      await using engine = await start(now())
      const { name: own, version, build, artifact } = engine.facts
      for (const said of [own, artifact.digest]) expect(said).toMatch(/\S/)
      // A server need not say these; what it leaves out is left out.
      for (const said of [version, build]) expect(said ?? 'left out').toMatch(/\S/)
    })

    test('prepares a job for each prompt, and as many requests as the load asks for', async () => {
      await using engine = await start(now())
      for (const workload of both) {
        const prepared = await engine.prepare(trialOf(workload, { load: { kind: 'closed', clients: 1, requests: 5 } }))
        expect(prepared.requests).toBe(5)
        const jobs = workload.prompts.map(({ id }) => expect.objectContaining({ promptId: id, part: 'completion' }))
        expect(prepared.jobs).toEqual(jobs)
      }
      const endless = trialOf(completion, { load: { kind: 'closed', clients: 1, durationMs: 1000 } })
      expect(await engine.prepare(endless)).toMatchObject({ requests: Infinity })
    })

    test.each(both)('answers with stamps in order, and counts that agree: $kind', async (workload) => {
      const { end, requests } = await measured(start, trialOf(workload))
      expect(end).toEqual({ status: 'ok' })
      for (const request of requests) expectWhole(request)
    })

    test('tells of content while it comes', async () => {
      const origin = now()
      await using engine = await start(origin)
      const trial = trialOf(completion)
      await engine.prepare(trial)
      const seen: Ns[] = []
      const timeline = await engine.send(requestOf(trial), (at) => seen.push(at), new AbortController().signal)
      const events = timesUs(timeline)
      expect(seen.length).toBe(events.length)
      for (const [i, at] of seen.entries())
        expect(Math.abs((at - origin) / 1000 - timeline.sentUs - (events[i] as number))).toBeLessThanOrEqual(2)
    })

    test('a request that is stopped is an outcome, with what had come; the next is answered', async () => {
      await using engine = await start(now())
      const trial = trialOf(long)
      await engine.prepare(trial)
      const stopped = await inTime(() => {
        const stop = new AbortController()
        return engine.send(requestOf(trial), () => stop.abort(), stop.signal)
      })
      expectStopped(stopped, long)
      const next = trialOf(completion)
      await engine.prepare(next)
      expectWhole(await engine.send(requestOf(next), () => {}, new AbortController().signal))
    })

    test.skipIf(serial)('two clients are at work at once', async () => {
      await using engine = await start(now())
      const prompts = [long, completion].map(({ prompts: [first] }, at) => ({
        ...(first as Prompt),
        id: `of client ${at}`,
        maxTokens: [long, completion][at]?.sampling.maxTokens as number,
      }))
      const trial = trialOf({ ...completion, prompts }, { load: { kind: 'closed', clients: 2, requests: 2 } })
      await engine.prepare(trial)
      // The other is asked when the long answer has begun and is there before that ends.
      const together = async () => {
        const stop = new AbortController()
        let first: () => void
        const begun = new Promise<void>((resolve) => (first = resolve))
        const answered = engine.send(requestOf(trial), () => first(), stop.signal)
        await begun
        const other = { ...requestOf(trial), client: 1, index: 1, job: 1 }
        expectWhole(await engine.send(other, () => {}, new AbortController().signal))
        stop.abort()
        return answered
      }
      expectStopped(await inTime(together), long)
    })

    test('takes trials of other numbers of clients one after the other', async () => {
      await using engine = await start(now())
      for (const clients of [2, 1, 3]) {
        const trial = trialOf(completion, { load: { kind: 'closed', clients, requests: clients } })
        const requests: RequestTimeline[] = []
        await runTrial(trial, contextOf(engine, requests))
        expect(requests.map(({ outcome }) => outcome.status)).toEqual(requests.map(() => 'ok'))
        expect(requests.length).toBe(clients)
      }
    })

    test('refuses what it cannot do before anything is sent', async () => {
      await using engine = await start(now())
      await expect(engine.prepare(trialOf(impossible))).rejects.toBeInstanceOf(EngineFailure)
    })

    test('leaves no process and no socket behind', async () => {
      const before = leftovers()
      await measured(start, trialOf(completion, { load: { kind: 'closed', clients: 2, requests: 2 } }))
      const more = () => {
        const { sockets, children } = leftovers()
        return {
          sockets: sockets.slice(before.sockets.length),
          children: children.filter((pid) => !before.children.includes(pid)),
        }
      }
      await vi.waitFor(() => expect(more()).toEqual({ sockets: [], children: [] }), { timeout: 5000 })
    })
  })
}

const requestOf = (trial: TrialSpec): EngineRequest => ({
  trial,
  index: 0,
  job: 0,
  phase: 'measured',
  client: 0,
  scheduled: now(),
})

const contextOf = (engine: Engine, requests: RequestTimeline[], origin = 0) => ({
  engine,
  now,
  origin,
  sleepUntil: timerSleep(now),
  onRequest: (_: number, request: RequestTimeline) => void requests.push(request),
  signal: new AbortController().signal,
})

/** One trial on an engine of its own. */
export async function measured(start: Subject['start'], trial: TrialSpec) {
  const origin = now()
  await using engine = await start(origin)
  const requests: RequestTimeline[] = []
  const { end } = await runTrial(trial, contextOf(engine, requests, origin))
  return { end, requests }
}

/** What is stopped before its end. On a busy machine this process may be woken after the whole answer: then it is done again. */
async function inTime(stopped: () => Promise<RequestTimeline>): Promise<RequestTimeline> {
  for (let again = 0; again < 9; again += 1) {
    const timeline = await stopped()
    if (timeline.outcome.status !== 'ok') return timeline
  }
  return stopped()
}

type Whole = { outputTokens: number; finish: 'length' | 'stop' }

function expectCounted(timeline: RequestTimeline, whole: Whole): void {
  const { outputTokens } = whole
  expect(timeline).toMatchObject({ outputTokens })
  expect(timeline.promptTokens).toBeGreaterThan(0)
  expectEnded(timeline, whole)
  const tokens = timeline.events?.tokens?.reduce((sum, count) => sum + count, 0) ?? timesUs(timeline).length
  expect(tokens).toBe(outputTokens)
}

function expectEnded(timeline: RequestTimeline, { outputTokens, finish }: Whole): void {
  expect(timeline).toMatchObject({ outcome: { status: 'ok', finish } })
  expect(timeline.sentUs).toBeGreaterThanOrEqual(timeline.scheduledUs)
  const events = timesUs(timeline)
  expect(events[0]).toBeGreaterThan(0)
  expect(events.toSorted((a, b) => a - b)).toEqual(events)
  expect(timeline.doneUs).toBeGreaterThanOrEqual(events.at(-1) as number)
  expect(events.length).toBeLessThanOrEqual(outputTokens)
  expect(timeline.output).toMatch(/\S/)
}

function expectStopped(timeline: RequestTimeline, { sampling }: CompletionWorkload): void {
  expect(timeline).toMatchObject({ outcome: { status: 'failed', reason: 'stopped' } })
  expect(timesUs(timeline).length).toBeGreaterThan(0)
  expect(timesUs(timeline).length).toBeLessThan(sampling.maxTokens)
}

function timesUs({ events }: RequestTimeline): number[] {
  let at = 0
  return (events?.deltasUs ?? []).map((delta) => (at += delta))
}

/** Processes and sockets of this process. */
function leftovers() {
  const sockets = process.getActiveResourcesInfo().filter((name) => /TCP|TLS/.test(name))
  const tasks = existsSync('/proc/self/task') ? readdirSync('/proc/self/task') : []
  const children = tasks.flatMap((task) => childrenOf(`/proc/self/task/${task}/children`))
  return { sockets, children }
}

function childrenOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split(' ').filter(Boolean)
  } catch {
    return [] // a thread that has ended
  }
}
