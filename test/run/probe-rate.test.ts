import { expect, test } from 'vitest'
import type { Objectives } from '../../lib/domain/plan.ts'
import type { Invalidity } from '../../lib/domain/record.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import type { UserError } from '../../lib/domain/user-error.ts'
import { InterruptedProbe, probeRate, probeRequests } from '../../lib/run/probe-rate.ts'
import { claimed, done, exampleCell, examplePlan, loaded, trialRecords } from '../store/example.ts'
import { completion, failed } from '../measure/requests.ts'
import { countedCell, unsaid } from './counted-server.ts'
import { failing, noSignal, type Script, scripted, type Unnumbered } from './scripted-target.ts'

const objectives = { ttft_ms: 200 }

/** The probe of a rate for 100 requests. */
function probePlan(ratePerSecond = 40): Parameters<typeof probeRate>[0] {
  const cell = exampleCell('f16', examplePlan().cells[0]?.config.workload as never)
  const load = { kind: 'poisson', ratePerSecond, clients: 64, seed: 1, requests: 100 } as const
  const cells = [{ ...cell, config: { ...cell.config, load } }]
  const launches = [{ block: 0, arm: cell.arm, stratum: '{}', device: 'cpu0', cellIds: [cell.id] }]
  return { plan: { ...examplePlan({ cells, launches, blocks: 1 }), objectives }, artifact: cell.artifact, files: {} }
}
/** The same of a server whose answers a tokenizer counts. */
function onCountedServer(promised: Objectives): ReturnType<typeof probePlan> {
  const { plan, ...rest } = probePlan()
  return { ...rest, plan: { ...plan, cells: plan.cells.map(countedCell), objectives: promised } }
}
const good = completion()
const slow = completion({ events: { deltasUs: [900_000, 20_000, 30_000] } })
const warm = { ...slow, phase: 'warmup' as const }
const stopped = { ...slow, outcome: { ...failed, reason: 'stopped' as const } }

const times = <T>(n: number, value: T): T[] => Array.from({ length: n }, () => value)
const records = (requests: readonly RequestTimeline[], invalid: readonly Invalidity[] = []): Unnumbered[] => [
  claimed,
  loaded,
  ...trialRecords(1, requests).map((record) => (record.kind === 'trial-ended' ? { ...record, invalid } : record)),
  done,
]

const owner = { pid: 4711, startTicks: '1' }
const probed = (script: Script, change: Partial<Parameters<typeof probeRate>[1]> = {}) =>
  probeRate(probePlan(), {
    target: scripted(script),
    owner,
    onEvent: () => {},
    interrupt: noSignal,
    wait: async () => {},
    ...change,
  })

test('a rate is good where 95 % of its requests meet the objectives; warm-up does not count', async () => {
  expect(await probed(() => records([...times(9, warm), ...times(95, good), ...times(5, slow)]))).toEqual({
    probe: { ratePerSecond: 40, goodput: 0.95, requests: 100, ttftMs: 100, tpotMs: 25 },
    verdict: 'good',
  })
})

test('six of a hundred that miss are too many', async () => {
  const { probe, verdict } = await probed(() => records([...times(94, good), ...times(6, slow)]))
  expect({ goodput: probe.goodput, verdict }).toEqual({ goodput: 0.94, verdict: 'missed' })
})

test('it is stopped once the rest cannot make it good, and what that took along does not count', async () => {
  const signals: string[] = []
  const target = scripted(() => [
    claimed,
    loaded,
    ...trialRecords(1, [...times(4, good), ...times(6, slow)]).slice(0, -1),
    ...trialRecords(1, times(20, stopped)),
    { kind: 'done', outcome: { status: 'stopped' }, atMs: 1 },
  ])
  // What is written comes in two reads, so that there is a moment to stop at.
  let reads = 0
  const inTwo: typeof target = {
    ...target,
    state: async () => 'running',
    read: async (spool, offset) => {
      const bytes = Buffer.from(await target.read(spool, 0))
      const lines = bytes.toString().split('\n')
      const first = Buffer.byteLength(`${lines.slice(0, 14).join('\n')}\n`)
      reads += 1
      return offset === 0 ? bytes.subarray(0, first) : reads > 3 ? bytes.subarray(offset) : new Uint8Array()
    },
    signal: async (_, signal) => void signals.push(signal),
  }
  const { probe, verdict } = await probed(() => [], { target: inTwo })
  expect(signals).toEqual(['SIGTERM'])
  expect({ ...probe, verdict }).toMatchObject({ goodput: 0.4, requests: 10, verdict: 'missed' })
})

test('a client that was late says nothing of the server, however good it looks', async () => {
  const late = [{ reason: 'client-late', detail: 'p99 send lag 9 ms' }] as const
  expect(await probed(() => records(times(100, good), late))).toMatchObject({
    probe: { goodput: 1, invalid: 'client-late' },
    verdict: 'client',
  })
})

/** So long without a client, and then answered as well as the others. */
const waiting = (ms: number) => completion({ poolWaitUs: ms * 1000, sentUs: 1_010_000 + ms * 1000 })

const queued = () => records([...times(90, good), ...times(10, waiting(400))])
test('arrivals that waited for a client say nothing of a server that was good with those it got, whatever was promised', async () => {
  expect(await probed(queued)).toMatchObject({ probe: { goodput: 1, waited: 0.1 }, verdict: 'too-few-clients' })
  const { plan, ...rest } = probePlan()
  const fromSchedule = { ...rest, plan: { ...plan, objectives: { ttft_scheduled_ms: 200 } } }
  const context = { target: scripted(queued), owner, onEvent: () => {}, interrupt: noSignal, wait: async () => {} }
  expect(await probeRate(fromSchedule, context)).toMatchObject({
    probe: { goodput: 0.9, waited: 0.1 },
    verdict: 'too-few-clients',
  })
})

const slowToo = () => records([...times(90, slow), ...times(10, waiting(400))])
test('too few clients are told as that where the client was late besides', async () => {
  const late = [{ reason: 'client-late', detail: 'p99 send lag 9 ms' }] as const
  const both = () => records([...times(90, good), ...times(10, waiting(400))], late)
  expect(await probed(both)).toMatchObject({ probe: { invalid: 'client-late' }, verdict: 'too-few-clients' })
})

test('few that waited for a client, or hardly, are no reason; a server that misses anyway has missed', async () => {
  expect(await probed(() => records([...times(95, good), ...times(5, waiting(400))]))).toEqual({
    probe: { ratePerSecond: 40, goodput: 1, requests: 100, ttftMs: 100, tpotMs: 25 },
    verdict: 'good',
  })
  expect(await probed(() => records(times(100, waiting(5))))).toMatchObject({ verdict: 'good' })
  const { probe, verdict } = await probed(slowToo)
  expect({ waited: probe.waited, verdict }).toEqual({ waited: undefined, verdict: 'missed' })
})

test('where no answer has tokens that can be counted, an objective on their time ends the search at once', async () => {
  const { plan, ...rest } = probePlan()
  const perToken = { ...rest, plan: { ...plan, objectives: { tpot_ms: 30 } } }
  const tryOn = (requests: readonly RequestTimeline[]) => {
    const target = scripted(() => records(requests))
    return probeRate(perToken, { target, owner, onEvent: () => {}, interrupt: noSignal, wait: async () => {} })
  }
  await expect(tryOn(times(100, unsaid([25, 25])))).rejects.toThrowErrorMatchingInlineSnapshot(
    `[UserError: tpot_ms cannot be told: none of 100 answers had tokens that can be counted, as the server says no usage: name the model's tokenizer in backend.tokenizer, or leave tpot_ms out of the objectives]`,
  )
  expect(await tryOn([...times(99, good), unsaid([25, 25])])).toMatchObject({ verdict: 'good' })
})

test('another doubt is kept beside what was found', async () => {
  const contention = [{ reason: 'contention', detail: 'others took 0.4 cores' }] as const
  expect(await probed(() => records(times(100, slow), contention))).toMatchObject({
    probe: { invalid: 'contention' },
    verdict: 'missed',
  })
})

test('a request that failed has missed, and the first of them says why', async () => {
  const { probe, failure } = await probed(() =>
    records([...times(50, good), ...times(50, completion({ outcome: failed }))]),
  )
  expect({ goodput: probe.goodput, failure }).toEqual({ goodput: 0.5, failure: 'stall: nothing for 30 s' })
})

test('what a tokenizer counted when the trial had ended stands for what the server did not say', async () => {
  const plan = onCountedServer({ tpot_ms: 30 })
  const silent = [...times(95, unsaid([25, 25])), ...times(5, unsaid([40, 40]))]
  const counted = [...silent, warm].map((_, at) => [4 + at, 3] as const) // the third record begins the trial
  const script = records([...silent, warm])
  const target = scripted(() => [
    ...script.slice(0, -2),
    { kind: 'counted', trialId: 1, tokens: counted },
    ...script.slice(-2),
  ])
  expect(
    await probeRate(plan, { target, owner, onEvent: () => {}, interrupt: noSignal, wait: async () => {} }),
  ).toEqual({
    probe: { ratePerSecond: 40, goodput: 0.95, requests: 100, ttftMs: 100, tpotMs: 25 },
    verdict: 'good',
  })
})

test('a probe keeps no streams, whatever the plan that it is for keeps, and says whose it is', async () => {
  const plan = probePlan()
  const kept: unknown[] = []
  const target = scripted((launch) => {
    kept.push(launch.owner, ...launch.trials.map(({ keepStreams }) => keepStreams))
    return records(times(100, good))
  })
  const context = { target, owner, onEvent: () => {}, interrupt: noSignal, wait: async () => {} }
  await probeRate({ ...plan, plan: { ...plan.plan, keepStreams: true } }, context)
  expect(kept).toEqual([owner, undefined])
})

test('where no request was sent at all, no other rate will be either', async () => {
  const refusals = await Promise.all(
    [
      failing({ status: 'refused', detail: 'device cpu0 is in use by process 7' }),
      failing({ status: 'failed', reason: 'load-timeout', detail: 'not ready within 5 s', logTail: '' }),
    ].map((script) => probed(() => script).catch((error: unknown) => (error as UserError).message)),
  )
  expect(refusals).toMatchInlineSnapshot(`
    [
      "no rate could be tried: device cpu0 is in use by process 7: wait for it or stop it",
      "no rate could be tried: not ready within 5 s",
    ]
  `)
})

test('who wants no rate any more gets none', async () => {
  const interrupt = AbortSignal.abort()
  await expect(probed(() => records([good]), { interrupt })).rejects.toThrow(InterruptedProbe)
})

test('a probe takes ten seconds or a hundred requests, and no more than half a minute for those', () => {
  expect([0.05, 0.5, 1, 4, 20, 400].map(probeRequests)).toEqual([5, 15, 30, 100, 200, 4000])
})
