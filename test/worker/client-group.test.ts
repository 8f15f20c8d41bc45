import { expect, test } from 'vitest'
import type { ClientHealth } from '../../lib/domain/record.ts'
import type { LaunchSpec } from '../../lib/domain/launch.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { ClientGroup } from '../../lib/worker/client-group.ts'
import type { FromClient, ToClient } from '../../lib/worker/client-messages.ts'
import { trial } from './scripted-engine.ts'

const health: ClientHealth = {
  processes: 1,
  cpuCores: 0.25,
  loopDelayMs: { p50: 0.1, p99: 0.5, max: 2 },
  events: 10,
  reads: 10,
  eventsPerRead: { p50: 1, p99: 1, max: 1 },
}
const ok = { end: { status: 'ok' }, engine: 'usable', client: health } as const
const underWay = { requests: 0, seconds: 0, stretchSeconds: 0 }
const row = (client: number, phase: 'warmup' | 'measured', sentUs: number): RequestTimeline => ({
  promptId: 'a',
  part: 'completion',
  phase,
  client,
  outcome: { status: 'ok', finish: 'stop' },
  scheduledUs: sentUs,
  sentUs,
  doneUs: 5,
})

/** A client that says what a test has it say. */
class ScriptedClient {
  readonly heard: ToClient[] = []
  #listener: (message: FromClient) => void = () => {}
  readonly #exit = Promise.withResolvers<string>()
  readonly exited = this.#exit.promise
  killed = false

  post = (message: ToClient) => void this.heard.push(message)
  kill = () => void (this.killed = true)
  onMessage = (listener: (message: FromClient) => void) => void (this.#listener = listener)
  say(...messages: FromClient[]): void {
    for (const message of messages) this.#listener(message)
  }
  exit = (how: string) => this.#exit.resolve(how)
  get kinds(): string[] {
    return this.heard.map(({ kind }) => kind)
  }
}

const turn = () => new Promise(setImmediate)
const fourClients: typeof trial.load = { kind: 'closed', clients: 4, requests: 8 }
function begun(clients = 2, load = fourClients, abort = new AbortController()) {
  const parts = Array.from({ length: clients }, () => new ScriptedClient())
  const state = { nowUs: 1000 }
  const seen: string[] = []
  const lines: string[] = []
  const group = new ClientGroup(parts, { now: () => state.nowUs * 1000, origin: 0, log: (line) => lines.push(line) })
  const onRequest = (index: number, { client, phase, scheduledUs, sentUs, doneUs }: RequestTimeline) =>
    void seen.push(`${index} ${phase} by ${client}: ${scheduledUs} ${sentUs} ${doneUs}`)
  const result = group.run({ ...trial, load }, { onRequest, signal: abort.signal })
  return { parts: parts as [ScriptedClient, ScriptedClient], state, seen, lines, group, abort, result }
}
const warm: FromClient[] = [{ kind: 'began', phase: 'warmup', atUs: 0 }, { kind: 'warmed-up' }]

test('all begin when the last has warmed up, each with its share', async () => {
  const { parts, result } = begun()
  expect(parts.map(({ heard }) => heard)).toMatchObject([
    [{ kind: 'trial', share: { part: 0, parts: 2 } }],
    [{ kind: 'trial', share: { part: 1, parts: 2 } }],
  ])
  parts[0].say(...warm)
  await turn()
  expect(parts.map(({ kinds }) => kinds)).toEqual([['trial'], ['trial']])
  parts[1].say(...warm)
  await turn()
  expect(parts.map(({ kinds }) => kinds)).toEqual([
    ['trial', 'go'],
    ['trial', 'go'],
  ])
  for (const part of parts) part.say({ kind: 'ended', result: ok })
  expect(await result).toEqual({
    end: { status: 'ok' },
    engine: 'usable',
    client: { ...health, processes: 2, cpuCores: 0.5, events: 20, reads: 20, underWay },
  })
})

test('times of a client count from when our word was sent, whatever its clock says', async () => {
  const open: typeof trial.load = { kind: 'poisson', ratePerSecond: 9, clients: 4, seed: 1, requests: 8 }
  const { parts, state, seen, lines, result } = begun(2, open)
  // One clock is far ahead, the other has just begun.
  parts[0].say({ kind: 'began', phase: 'warmup', atUs: 9_000_000 })
  parts[0].say({ kind: 'request', index: 0, timeline: row(0, 'warmup', 9_000_100) }, { kind: 'warmed-up' })
  parts[1].say({ kind: 'began', phase: 'warmup', atUs: 3 })
  parts[1].say({ kind: 'request', index: 1, timeline: row(1, 'warmup', 203) }, { kind: 'warmed-up' })
  state.nowUs = 50_000
  await turn()
  state.nowUs = 50_120
  parts[0].say({ kind: 'began', phase: 'measured', atUs: 9_070_000 })
  state.nowUs = 52_500
  parts[1].say({ kind: 'began', phase: 'measured', atUs: 70_000 })
  parts[0].say({ kind: 'request', index: 0, timeline: row(0, 'measured', 9_070_040) }, { kind: 'ended', result: ok })
  parts[1].say({ kind: 'request', index: 1, timeline: row(1, 'measured', 70_040) }, { kind: 'ended', result: ok })
  await result
  expect(seen).toEqual([
    '0 warmup by 0: 1100 1100 5',
    '1 warmup by 1: 1200 1200 5',
    '0 measured by 0: 50040 50040 5',
    '1 measured by 1: 50040 50040 5',
  ])
  expect(lines).toEqual([
    'client process 1 of 2: 0.120 ms from go to its answer',
    'client process 2 of 2: 2.500 ms from go to its answer',
  ])
  expect((await result).client?.beganApartMs).toBe(2.5)
})

test('a client process that dies fails the trial and stops the others', async () => {
  const { parts, group, result } = begun()
  for (const part of parts) part.say(...warm)
  await turn()
  parts[1].exit('was ended by SIGKILL')
  await turn()
  expect(parts[0].kinds).toEqual(['trial', 'go', 'stop'])
  const stopped = { status: 'failed', reason: 'stopped', detail: 'stopped by its user' } as const
  parts[0].say({ kind: 'ended', result: { end: stopped, engine: 'usable' } })
  expect(await result).toEqual({
    end: { status: 'failed', reason: 'crashed', detail: 'client process 2 of 2 was ended by SIGKILL' },
    engine: 'usable',
  })
  expect(group.isUsable).toBe(false)
})

test('one that cannot begin keeps the others from it', async () => {
  const { parts, result } = begun()
  const overflow = { status: 'failed', reason: 'context-overflow', detail: 'too long' } as const
  parts[0].say({ kind: 'ended', result: { end: overflow, engine: 'usable' } })
  parts[1].say(...warm)
  await turn()
  expect(parts[1].kinds).toEqual(['trial', 'stop'])
  parts[1].say({ kind: 'ended', result: { end: overflow, engine: 'usable' } })
  expect((await result).end).toEqual(overflow)
})

test('a trial has ended well where one process had answers, as it would have in one', async () => {
  const { parts, result } = begun()
  for (const part of parts) part.say(...warm)
  await turn()
  const failed = { status: 'failed', reason: 'server-error', detail: '500' } as const
  parts[0].say({ kind: 'ended', result: { end: failed, engine: 'usable' } })
  parts[1].say({ kind: 'ended', result: ok })
  expect((await result).end).toEqual({ status: 'ok' })
})

async function expectAllStopped({ parts, result }: Pick<ReturnType<typeof begun>, 'parts' | 'result'>) {
  expect(parts.map(({ kinds }) => kinds)).toEqual([
    ['trial', 'stop'],
    ['trial', 'stop'],
  ])
  const stopped = { status: 'failed', reason: 'stopped', detail: '' } as const
  for (const part of parts) part.say({ kind: 'ended', result: { end: stopped, engine: 'usable' } })
  expect((await result).end).toEqual(stopped)
}

test('a stop reaches all of them', async () => {
  const { parts, abort, result } = begun()
  abort.abort()
  await expectAllStopped({ parts, result })
})

test('a stop that came while they attached reaches all of them too', async () => {
  const abort = new AbortController()
  abort.abort()
  const { parts, result } = begun(2, fourClients, abort)
  await expectAllStopped({ parts, result })
})

test('a load of fewer clients than processes takes as many as it has clients', async () => {
  const { parts, result } = begun(3, { kind: 'closed', clients: 2, requests: 2 })
  expect(parts.map(({ kinds }) => kinds)).toEqual([['trial'], ['trial'], []])
  for (const part of parts.slice(0, 2)) part.say(...warm)
  await turn()
  for (const part of parts.slice(0, 2)) part.say({ kind: 'ended', result: ok })
  expect((await result).end).toEqual({ status: 'ok' })
})

test('a process that cannot attach says why', async () => {
  const client = new ScriptedClient()
  const group = new ClientGroup([client], { now: () => 0, origin: 0, log: () => {} })
  const attached = group.attach({} as LaunchSpec)
  client.say({ kind: 'failed', reason: 'unreachable', detail: 'nothing listens' })
  await expect(attached).rejects.toThrow(expect.objectContaining({ reason: 'unreachable', message: 'nothing listens' }))
  group[Symbol.dispose]()
  expect(client.killed).toBe(true)
})
