import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { TrialSpec } from '../../lib/domain/launch.ts'
import { engineThat, now, ok, run, type Send, trial } from './scripted-engine.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const lasting = (durationMs: number, clients = 1): TrialSpec => ({
  ...trial,
  load: { kind: 'closed', clients, durationMs },
})
const taking =
  (ms: number): Send =>
  (_, onContent, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve(ok), ms)
      onContent(now())
      signal.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve({ status: 'failed', reason: 'stopped', detail: '' })
      })
    })
const flaky: Send = ({ index }) =>
  new Promise((resolve) =>
    setTimeout(() => resolve(index % 2 === 0 ? { status: 'failed', reason: 'engine-error', detail: 'no' } : ok), 1),
  )
const shedding: Send = async ({ phase, index }) =>
  phase === 'warmup' || index > 150 ? ok : { status: 'failed', reason: 'engine-error', detail: 'too many' }
const stubborn: Send = () => new Promise((resolve) => setTimeout(() => resolve(ok), 30))
const slowPrefill: Send = ({ phase }, _, signal) =>
  phase === 'warmup'
    ? Promise.resolve(ok)
    : new Promise((resolve) =>
        signal.addEventListener('abort', () =>
          setTimeout(() => resolve({ status: 'failed', reason: 'stopped', detail: '' }), 5000),
        ),
      )

describe('a load with a duration', () => {
  test('sends until it ends, and cuts off what is in flight then', async () => {
    const { end, seen } = await run(engineThat(taking(30)), undefined, lasting(100))
    expect(end).toEqual({ status: 'ok' })
    expect(seen).toEqual(['0 warmup ok', '0 measured ok', '1 measured ok', '2 measured ok', '3 measured cut-off'])
  })

  test('counts from the first measured request, not from the warm-up', async () => {
    const sent: number[] = []
    const from = now()
    await run(
      engineThat((...args) => {
        sent.push((now() - from) / 1e6)
        return taking(40)(...args)
      }),
      undefined,
      lasting(100),
    )
    expect(sent.map(Math.round)).toEqual([0, 40, 80, 120])
  })

  test('counts from when its first request has left, however long that took', async () => {
    const late = engineThat(taking(30))
    let opened = false
    const send: typeof late.send = async (request, ...rest) => {
      if (request.phase === 'measured' && !opened) {
        opened = true
        await new Promise((resolve) => setTimeout(resolve, 500)) // opens a connection
      }
      return late.send(request, ...rest)
    }
    const { rows } = await run({ ...late, send }, undefined, lasting(100))
    const [first] = rows
    const ends = rows.map(({ sentUs, doneUs }) => Math.round((sentUs + doneUs - (first?.sentUs ?? 0)) / 1000))
    expect(ends).toEqual([30, 60, 90, 100])
  })

  test('is no failure of a client that ends its answer all the same', async () => {
    const { seen } = await run(engineThat(stubborn), undefined, lasting(40))
    expect(seen).toEqual(['0 warmup ok', '0 measured ok', '1 measured ok'])
  })

  test('in which no request ends is a failed trial that says so', async () => {
    const spec = { ...lasting(40, 2), warmup: { requests: 0 } }
    const { end, seen } = await run(engineThat(taking(80)), undefined, spec)
    expect(seen).toEqual(['0 measured cut-off', '1 measured cut-off'])
    expect(end).toEqual({
      status: 'failed',
      reason: 'cut-off',
      detail: "no request ended within the load's 40 ms: raise load.duration, or ask for less",
    })
  })

  test('waits for an engine that takes its prompt in, as long as the limits of the request allow', async () => {
    const limits = { ...trial.limits, firstTokenMs: 9000 }
    const { engine, seen } = await run(engineThat(slowPrefill), undefined, { ...lasting(50), limits })
    expect([engine, seen]).toEqual(['usable', ['0 warmup ok', '0 measured cut-off']])
  })

  test('does not go on with an engine that refuses everything at once', async () => {
    const { end, seen } = await run(
      engineThat(async () => ({ status: 'failed', reason: 'engine-error', detail: 'no' })),
      undefined,
      lasting(5000),
    )
    expect(end).toMatchObject({ status: 'failed', reason: 'engine-error' })
    expect(seen).toHaveLength(100)
  })

  test('goes on with an engine that refuses now and then, however often in all', async () => {
    const { end, seen } = await run(engineThat(flaky), undefined, lasting(500))
    expect(end).toEqual({ status: 'ok' })
    expect(seen.filter((line) => line.endsWith('engine-error')).length).toBeGreaterThan(200)
  })
})

const open = (end: { requests: number } | { durationMs: number }, clients = 4): TrialSpec => ({
  ...trial,
  load: { kind: 'constant', ratePerSecond: 100, clients, seed: 1, ...end },
})
const cold = { warmup: { requests: 0 } }

/** When the requests ended of one of two processes that share an open load of 45 ms, from when it began. */
const endsMs = async (part: number) => {
  const spec = { ...open({ durationMs: 45 }), ...cold }
  const from = now()
  const { rows } = await run(engineThat(taking(30)), undefined, spec, undefined, { part, parts: 2 })
  return rows.map(({ sentUs, doneUs }) => Math.round((sentUs + doneUs - from / 1000) / 1000))
}

describe('an open load', () => {
  test('warms its clients up in a closed loop, then sends by its schedule', async () => {
    const { end, seen, rows } = await run(engineThat(taking(15)), undefined, open({ requests: 5 }))
    expect([end, seen.length - rows.length]).toEqual([{ status: 'ok' }, 4])
    const firstUs = rows[0]?.scheduledUs ?? 0
    expect(rows.map(({ scheduledUs }) => scheduledUs - firstUs)).toEqual([0, 10_000, 20_000, 30_000, 40_000])
  })

  test('drops no arrival: what waits or is in flight at the end is cut off, with its wait', async () => {
    const { end, rows } = await run(engineThat(taking(28)), undefined, { ...open({ durationMs: 45 }, 1), ...cold })
    expect(end).toEqual({ status: 'ok' })
    const firstUs = rows[0]?.scheduledUs ?? 0
    const told = rows.map(({ outcome, scheduledUs, sentUs, poolWaitUs = 0, doneUs }) => {
      const lagUs = Math.abs(sentUs - scheduledUs - poolWaitUs)
      const atMs = Math.round((scheduledUs - firstUs) / 1000)
      return `${atMs} ${outcome.status === 'ok' ? 'ok' : outcome.reason}, ${lagUs < 2000}, ${doneUs > 0}`
    })
    expect(told).toEqual([
      '0 ok, true, true',
      '10 cut-off, true, true',
      '20 cut-off, true, false',
      '30 cut-off, true, false',
      '40 cut-off, true, false',
    ])
    expect(rows[4]?.poolWaitUs).toBeGreaterThanOrEqual(4000)
  })

  test('of several processes ends for all when its schedule does, not so long after the first arrival of each', async () => {
    expect(await endsMs(0)).toEqual([30, 45, 45])
    expect(await endsMs(1)).toEqual([40, 45])
  })

  test('goes on with an engine that sheds its requests, however many in a row: overload is what it measures', async () => {
    const { end, rows } = await run(engineThat(shedding), undefined, open({ durationMs: 2000 }))
    expect(end).toEqual({ status: 'ok' })
    expect(rows.filter(({ outcome }) => outcome.status === 'failed')).toHaveLength(151)
    expect(rows.at(-1)?.outcome.status).toBe('ok')
  })

  test('counts the limit of a first token from sending, not from the schedule', async () => {
    const limits = { ...trial.limits, stallMs: 1000 } // its only content comes at once
    const { rows } = await run(engineThat(taking(60)), undefined, { ...open({ requests: 6 }, 1), ...cold, limits })
    expect(rows.every(({ outcome }) => outcome.status === 'ok')).toBe(true)
    expect(rows[5]?.poolWaitUs).toBeGreaterThan(200_000)
  })
})

// What wakes for an open load has one that sleeps: many clients that share it would begin together.
const forOpenLoads = () => Promise.reject(new Error('sleeps for an open load'))

test('clients begin their measured requests over the time that one took in the warm-up', async () => {
  const sentMs: number[] = []
  const send: Send = async ({ phase, client, index }) => {
    if (phase === 'measured' && index < 4) sentMs[client] = now() / 1e6
    await new Promise((resolve) => setTimeout(resolve, 40))
    return ok
  }
  const spec: TrialSpec = { ...trial, load: { kind: 'closed', clients: 4, requests: 4 } }
  await run(engineThat(send), undefined, spec, forOpenLoads)
  const first = sentMs[0] ?? 0
  expect(sentMs.map((ms) => Math.round((ms - first) / 10))).toEqual([0, 1, 2, 3])
})
