import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { LaunchSpec } from '../../lib/domain/launch.ts'
import type { DriverMessage, WorkerMessage } from '../../lib/worker/messages.ts'
import type { NewRecord } from '../../lib/worker/record-writer.ts'
import { type Driver, Supervision } from '../../lib/worker/supervise.ts'
import { wordTokenizer } from '../../lib/prompts/tokenizer.ts'
import { exampleManifest, exampleRequest } from '../store/example.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const launch = {
  launchId: 1,
  backend: { kind: 'llama.cpp', threads: 1 },
  hardware: {},
  trials: [{ trialId: 7, workload: { kind: 'prefill-decode' }, limits: { loadMs: 1000, trialMs: 5000 } }],
} as unknown as LaunchSpec

/** A launch whose driver says and ends what a test lets it. */
function supervised(more: Partial<ConstructorParameters<typeof Supervision>[1]> = {}) {
  const posted: (WorkerMessage | 'kill')[] = []
  const records: NewRecord[] = []
  let say: ((message: DriverMessage) => void) | undefined
  const { promise: exited, resolve: end } = Promise.withResolvers<Awaited<Driver['exited']>>()
  const kill = () => {
    posted.push('kill')
    end({ code: null, signal: 'SIGKILL' })
  }
  const driver = {
    post: (message: WorkerMessage) => void posted.push(message),
    kill,
    onMessage: (listener: NonNullable<typeof say>) => void (say = listener),
    exited,
  }
  const room = { drained: async () => {}, pendingBytes: 0 }
  const supervision = new Supervision(launch, {
    driver,
    append: (record) => records.push(record),
    drained: () => room.drained(),
    pendingBytes: () => room.pendingBytes,
    manifest: exampleManifest,
    sample: async () => ({ atUs: 0, rssBytes: 1 }),
    follow: () => {},
    throttled: async () => ({}),
    logTail: () => 'the log',
    wallMs: () => 0,
    monotonicMs: () => 0,
    ...more,
  })
  return { supervision, room, posted, records, say: (message: DriverMessage) => say?.(message), end }
}

const started = async (launched: ReturnType<typeof supervised>) => {
  launched.say({ kind: 'locked' })
  launched.say({ kind: 'loaded', loadMs: 5, engine: {} as never })
  launched.say({ kind: 'trial-started', trialId: 7, atUs: 1 })
  await vi.advanceTimersByTimeAsync(1)
}

test.each(['now', 'after-trial'] as const)(
  'asked to stop %s while the engine loads, it waits for nothing',
  async (when) => {
    const launched = supervised()
    launched.say({ kind: 'locked' })
    launched.supervision.stop(when)
    expect(await launched.supervision.ended()).toEqual({ status: 'stopped' })
    expect(launched.posted).toEqual(['kill'])
  },
)

test('asked to stop after the trial that runs, it lets the engine end it', async () => {
  const launched = supervised()
  await started(launched)
  launched.supervision.stop('after-trial')
  expect(launched.posted).toEqual([{ kind: 'go' }, { kind: 'stop', when: 'after-trial' }])
  launched.say({ kind: 'trial-ended', trialId: 7, atUs: 9, end: { status: 'ok' } })
  launched.say({ kind: 'ended', outcome: { status: 'stopped' } })
  launched.end({ code: 0, signal: null })
  expect(await launched.supervision.ended()).toEqual({ status: 'stopped' })
  expect(launched.records.at(-1)).toMatchObject({ kind: 'trial-ended', end: { status: 'ok' } })
})

test('asked to stop now, an engine that does not is killed, and its trial has not ended', async () => {
  const launched = supervised()
  await started(launched)
  launched.supervision.stop('now')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await launched.supervision.ended()).toEqual({ status: 'stopped' })
  expect(launched.posted.at(-1)).toBe('kill')
  expect(launched.records.some(({ kind }) => kind === 'trial-ended')).toBe(false)
})

test.each([
  ['SIGABRT', "the engine's process was ended by SIGABRT"],
  ['SIGKILL', "the engine's process was ended by SIGKILL (the system ends a process so when memory runs out)"],
] as const)('an engine that ends by %s after it was asked to finish its trial has crashed', async (signal, detail) => {
  const launched = supervised()
  await started(launched)
  launched.supervision.stop('after-trial')
  launched.end({ code: null, signal })
  const outcome = { reason: 'crashed', detail }
  expect(await launched.supervision.ended()).toEqual({ status: 'failed', ...outcome, logTail: 'the log' })
  expect(launched.records.at(-1)).toMatchObject({ kind: 'trial-ended', end: { status: 'failed', ...outcome } })
})

test('while the disk is full no trial begins, and the next one waits for the records of the last', async () => {
  const launched = supervised()
  const written = Promise.withResolvers<void>()
  launched.room.drained = () => written.promise
  launched.say({ kind: 'trial-started', trialId: 7, atUs: 5 })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(launched.posted, 'and the time of the trial has not begun').toEqual([])
  written.resolve()
  await vi.advanceTimersByTimeAsync(0)
  expect(launched.posted).toEqual([{ kind: 'go' }])
})

test('a trial whose records take too much memory while the disk is full is stopped, to be measured again', async () => {
  const launched = supervised()
  await started(launched)
  launched.room.pendingBytes = 1e9
  launched.say({ kind: 'request', trialId: 7, index: 0, timeline: exampleRequest })
  await vi.advanceTimersByTimeAsync(0)
  expect(launched.posted.at(-1)).toEqual({ kind: 'stop', when: 'now' })
})

test("what a client says of itself at a trial's end is kept with it", async () => {
  const launched = supervised()
  await started(launched)
  const spread = { p50: 0, p99: 0.5, max: 1 }
  const client = { processes: 1, cpuCores: 0.1, loopDelayMs: spread, events: 3, reads: 3, eventsPerRead: spread }
  launched.say({ kind: 'trial-ended', trialId: 7, atUs: 9, end: { status: 'ok' }, client })
  await vi.advanceTimersByTimeAsync(0)
  expect(launched.records.at(-1)).toMatchObject({ kind: 'trial-ended', client })
})

test('what is written is counted by the tokenizer that is named, after the trial and before its end is kept', async () => {
  const launched = supervised({ tokenizer: wordTokenizer })
  await started(launched)
  const timeline = { ...exampleRequest, output: 'three little words' }
  launched.say({ kind: 'request', trialId: 7, index: 0, timeline })
  launched.say({ kind: 'request', trialId: 7, index: 1, timeline: { ...timeline, output: 'two words' } })
  await vi.advanceTimersByTimeAsync(1)
  expect(launched.records.map(({ kind }) => kind)).not.toContain('counted')
  launched.say({ kind: 'trial-ended', trialId: 7, atUs: 9, end: { status: 'ok' } })
  await vi.advanceTimersByTimeAsync(1)
  const first = launched.records.findIndex(({ kind }) => kind === 'request') + 1
  const tokens = [
    [first, 3],
    [first + 1, 2],
  ]
  expect(launched.records.slice(-3)).toMatchObject([
    { kind: 'counted', trialId: 7, tokens },
    { kind: 'memory' },
    { kind: 'trial-ended' },
  ])
})

test('a server whose own count differs from that of the tokenizer makes its trial invalid', async () => {
  const launched = supervised({ tokenizer: wordTokenizer })
  await started(launched)
  launched.say({ kind: 'request', trialId: 7, index: 0, timeline: { ...exampleRequest, output: 'only two' } })
  launched.say({ kind: 'request', trialId: 7, index: 1, timeline: { ...exampleRequest, output: 'word '.repeat(30) } })
  launched.say({ kind: 'trial-ended', trialId: 7, atUs: 9, end: { status: 'ok' } })
  await vi.advanceTimersByTimeAsync(1)
  const ended = launched.records.at(-1)
  const invalid = ended?.kind === 'trial-ended' ? ended.invalid : []
  expect(invalid.find(({ reason }) => reason === 'token-count')).toMatchInlineSnapshot(`
    {
      "detail": "the server says 6 output tokens, the tokenizer counts 32; 1 of 2 answers differ by more than a tenth",
      "reason": "token-count",
    }
  `)
})

test('an engine with a process of its own is followed there, and a trial of which its memory is not known is invalid', async () => {
  const followed: number[] = []
  const launched = supervised({ follow: (pid) => followed.push(pid), sample: async () => ({ atUs: 0 }) })
  launched.say({ kind: 'locked' })
  launched.say({
    kind: 'loaded',
    loadMs: 5,
    engine: { memory: { claimedBytes: 7 } } as never,
    pid: 4711,
  })
  launched.say({ kind: 'trial-started', trialId: 7, atUs: 1 })
  await vi.advanceTimersByTimeAsync(1)
  expect(followed).toEqual([4711])
  expect(launched.records[0]).toMatchObject({ kind: 'loaded', memory: { claimedBytes: 7 } })
  launched.say({ kind: 'trial-ended', trialId: 7, atUs: 9, end: { status: 'ok' } })
  launched.end({ code: 0, signal: null })
  await launched.supervision.ended()
  const ended = launched.records.find((record) => record.kind === 'trial-ended')
  expect(ended?.invalid.map(({ reason }) => reason)).toContain('telemetry-missing')
})
