import { expect, test } from 'vitest'
import type { SpoolRecord } from '../../lib/domain/record.ts'
import type { Target, WorkerState } from '../../lib/domain/target.ts'
import type { RunEvent } from '../../lib/run/run-event.ts'
import { followLaunch } from '../../lib/run/follow-launch.ts'

const done = '{"n":2,"kind":"done","outcome":{"status":"ok"},"atMs":5}\n'
const claimed = '{"n":1,"kind":"claimed","attempt":1,"pid":9,"atMs":1}\n'

/** A spool that is read at each step as the script says. */
function scripted(steps: { text: string; state: WorkerState }[], silentFrom = Number.POSITIVE_INFINITY) {
  const calls: string[] = []
  let at = 0
  const step = () => steps[Math.min(at, steps.length - 1)] as { text: string; state: WorkerState }
  const target: Target = {
    put: async () => 'spool',
    start: async () => void calls.push('start'),
    state: async () => step().state,
    read: async (_, offset) => {
      const bytes = Buffer.from(step().text).subarray(offset)
      at += 1
      return bytes
    },
    heartbeat: async () => (at < silentFrom ? `beat ${at}` : 'the last beat'),
    signal: async (_, signal) => void calls.push(signal),
    freeBytes: async () => 1e9,
    clear: async () => {},
    logTail: async () => 'Segmentation fault',
  }
  return { target, calls }
}

const signalOf = (abort: boolean | undefined) => (abort ? AbortSignal.abort() : new AbortController().signal)

async function follow(steps: { text: string; state: WorkerState }[], aborted: { soft?: boolean; hard?: boolean } = {}) {
  const { target, calls } = scripted(steps)
  const committed: { numbers: number[]; endOffset: number }[] = []
  const outcome = await followLaunch({
    target,
    spool: 'spool',
    offset: 0,
    commit: async (records: readonly SpoolRecord[], endOffset) =>
      void committed.push({ numbers: records.map((record) => record.n), endOffset }),
    onEvent: () => {},
    interrupt: { soft: signalOf(aborted.soft), hard: signalOf(aborted.hard) },
    wait: async () => {},
  })
  return { outcome, committed, calls }
}

test('records are committed as they come, with the offset at which the last whole one ends', async () => {
  const { outcome, committed } = await follow([
    { text: '', state: 'running' },
    { text: claimed + done.slice(0, 10), state: 'running' },
    { text: claimed + done, state: 'gone' },
  ])
  expect(outcome).toEqual({ status: 'ok' })
  expect(committed).toEqual([
    { numbers: [1], endOffset: claimed.length },
    { numbers: [2], endOffset: claimed.length + done.length },
  ])
})

const request = (n: number) => `{"n":${n},"kind":"request"}\n`

test('requests that come one by one are committed together, and the end of a trial at once', async () => {
  const lines = [claimed, request(2), request(3), '{"n":4,"kind":"trial-ended"}\n', request(5), done.replace('2', '6')]
  const steps = lines.map((_, at) => ({ text: lines.slice(0, at + 1).join(''), state: 'running' as const }))
  const { committed } = await follow(steps)
  expect(committed.map(({ numbers }) => numbers)).toEqual([[1], [2, 3, 4], [5, 6]])
})

test('what a worker wrote before it went is read to its end', async () => {
  const { outcome, committed } = await follow([{ text: claimed, state: 'gone' }])
  expect(committed).toHaveLength(1)
  expect(outcome).toEqual({
    status: 'lost',
    detail: 'the worker ended without a word',
    logTail: 'Segmentation fault',
  })
})

test('a spool without a worker is given one, and is lost where none comes up', async () => {
  const { outcome, calls } = await follow([{ text: '', state: 'unclaimed' }])
  expect(calls).toEqual(['start'])
  expect(outcome).toMatchObject({ status: 'lost', detail: expect.stringContaining('no worker came up within 30 s') })
})

test('what cannot be read ends the launch; what stands before it is kept', async () => {
  const { outcome, committed, calls } = await follow([{ text: `${claimed}\0\0\0\n${done}`, state: 'running' }])
  expect(committed).toEqual([{ numbers: [1], endOffset: claimed.length }])
  expect(outcome).toMatchObject({
    status: 'lost',
    detail: `its records cannot be read from byte ${claimed.length} on; those before are kept`,
  })
  expect(calls).toEqual(['SIGTERM'])
})

test('an interruption reaches a worker that comes up after it', async () => {
  const { calls } = await follow(
    [
      { text: '', state: 'unclaimed' },
      { text: '', state: 'unclaimed' },
      { text: claimed, state: 'running' },
      { text: claimed, state: 'running' },
      { text: claimed + done, state: 'gone' },
    ],
    { soft: true },
  )
  expect(calls).toEqual(['start', 'SIGUSR2'])
})

test('the first interruption lets the trial end, the second does not', async () => {
  const steps = [
    { text: '', state: 'running' as const },
    { text: '', state: 'running' as const },
    { text: claimed + done, state: 'running' as const },
  ]
  expect((await follow(steps, { soft: true })).calls).toEqual(['SIGUSR2'])
  expect((await follow(steps, { soft: true, hard: true })).calls).toEqual(['SIGTERM'])
})

test('a worker without a heartbeat for a minute is ended, and lost', async () => {
  const { target, calls } = scripted([{ text: '', state: 'running' }], 3)
  let waitedMs = 0
  const outcome = await followLaunch({
    target,
    spool: 'spool',
    offset: 0,
    commit: async () => {},
    onEvent: () => {},
    interrupt: { soft: signalOf(false), hard: signalOf(false) },
    wait: async (ms) => void (waitedMs += ms),
  })
  expect(outcome).toMatchObject({ status: 'lost', detail: 'the worker gave no sign of life for 60 s' })
  expect(calls).toEqual(['SIGKILL'])
  expect(waitedMs).toBeGreaterThanOrEqual(60_000)
})

test('a worker that beats now and then is never taken for dead, however long it runs', async () => {
  const { target, calls } = scripted([{ text: '', state: 'running' }])
  let waitedMs = 0
  const outcome = await followLaunch({
    target: {
      ...target,
      heartbeat: async () => `beat ${Math.floor(waitedMs / 50_000)}`,
      read: async () => Buffer.from(waitedMs < 600_000 ? '' : claimed + done),
    },
    spool: 'spool',
    offset: 0,
    commit: async () => {},
    onEvent: () => {},
    interrupt: { soft: signalOf(false), hard: signalOf(false) },
    wait: async (ms) => void (waitedMs += ms),
  })
  expect([outcome, calls]).toEqual([{ status: 'ok' }, []])
})

test('a worker that is silent because its disk is full is waited for, and the user is told once', async () => {
  const { target, calls } = scripted([{ text: '', state: 'running' }], 3)
  const events: RunEvent[] = []
  let freeBytes = 0
  let waitedMs = 0
  const outcome = await followLaunch({
    target: { ...target, freeBytes: async () => freeBytes },
    spool: 'spool',
    offset: 0,
    commit: async () => {},
    onEvent: (event) => events.push(event),
    interrupt: { soft: signalOf(false), hard: signalOf(false) },
    wait: async (ms) => {
      waitedMs += ms
      if (waitedMs > 600_000) freeBytes = 1e9
    },
  })
  expect(calls).toEqual(['SIGKILL'])
  expect(outcome).toMatchObject({ status: 'lost', detail: 'the worker gave no sign of life for 60 s' })
  expect(waitedMs).toBeGreaterThan(600_000)
  expect(events).toMatchInlineSnapshot(`
    [
      {
        "detail": "disk full at the spool spool: waiting, free some space (needs about 0.1 MB)",
        "for": "disk",
        "kind": "waiting",
      },
    ]
  `)
})
