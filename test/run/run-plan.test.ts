import { expect, test } from 'vitest'
import type { Target } from '../../lib/domain/target.ts'
import type { RunContext } from '../../lib/run/run-plan.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { readLaunches } from '../../lib/store/launches.ts'
import { readTrials } from '../../lib/store/read-trials.ts'
import type { Store } from '../../lib/store/store.ts'
import { claimed, examplePlan, temporaryStore } from '../store/example.ts'
import { failing, runScripted, scripted, well } from './scripted-target.ts'

const plan = examplePlan()

const run = (store: Store, target: Target, change: Partial<RunContext> = {}) => runScripted(store, plan, target, change)
const statuses = (store: Store) => readTrials(store, plan.id).map(({ status }) => status)

test('trials that fail with their launch are told one by one, and counted', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, plan)
  const noModel = { status: 'failed', reason: 'engine-error', detail: 'no such tensor', logTail: '' } as const
  const target = scripted((launch, nth) => (nth === 1 ? failing(noModel) : well(launch, nth)))
  const { outcome, events } = await run(lab.store, target)
  expect(outcome).toBe('complete')
  const ended = events.filter((event) => event.kind === 'trial-ended')
  expect(ended.map(({ done: n, trials }) => `${n}/${trials}`)).toEqual([...Array(12).keys()].map((n) => `${n + 1}/12`))
  expect(ended.slice(0, 4).map(({ end }) => (end.status === 'failed' ? end.detail : end.status))).toEqual([
    'no such tensor',
    'no such tensor',
    'no such tensor',
    'ok',
  ])
  expect(events.filter((event) => event.kind === 'launch-ended')).toEqual([
    { kind: 'launch-ended', launchId: 1, how: 'no such tensor', goesOn: false },
  ])
})

test('a resumed plan tells of no trial that ended before', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, plan)
  const first = new AbortController()
  const target = scripted(well)
  await run(lab.store, target, {
    interrupt: { soft: first.signal, hard: new AbortController().signal },
    onEvent: ({ kind }) => kind === 'launched' && first.abort(),
  })
  const { events } = await run(lab.store, target)
  expect(events[0]).toEqual({ kind: 'started', planId: plan.id, trials: 12, done: 3 })
  expect(events.filter((event) => event.kind === 'trial-ended')).toHaveLength(9)
})

test('interrupted before its first launch, a run has started nothing', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, plan)
  const soft = new AbortController()
  const { outcome } = await run(lab.store, scripted(well), {
    interrupt: { soft: soft.signal, hard: new AbortController().signal },
    ensure: async ({ artifact }) => {
      soft.abort()
      return artifact
    },
  })
  expect(outcome).toBe('interrupted')
  expect(readLaunches(lab.store, plan.id).map(({ status }) => status)).toEqual(Array(4).fill('pending'))
})

test('files that are not made because of an interruption are no failure', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, plan)
  const soft = new AbortController()
  const ensure = async () => {
    soft.abort()
    throw soft.signal.reason
  }
  const interrupt = { soft: soft.signal, hard: new AbortController().signal }
  expect((await run(lab.store, scripted(well), { interrupt, ensure })).outcome).toBe('interrupted')
  expect(statuses(lab.store)).toEqual(Array(12).fill('pending'))
})

test('a device in use is said once, as the error; what it refused is measured by the next run', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, plan)
  const target = scripted((launch, nth) =>
    nth === 1 ? failing({ status: 'refused', detail: 'device cpu0 is in use by a neighbour' }) : well(launch, nth),
  )
  const { outcome, events } = await run(lab.store, target)
  expect(outcome).toMatchObject({
    exitCode: 4,
    message: 'device cpu0 is in use by a neighbour: wait for it or stop it, then go on with --resume',
  })
  expect(events.map(({ kind }) => kind)).toEqual(['started', 'launched'])
  expect((await run(lab.store, target)).outcome).toBe('complete')
  expect(statuses(lab.store).filter((status) => status === 'ok')).toHaveLength(12)
})

test('a wait for a guard is told, and that it is over', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, plan)
  const waiting = { kind: 'waiting', detail: 'on battery', atMs: 1 } as const
  const { events } = await run(
    lab.store,
    scripted((launch, nth) => (nth === 1 ? well(launch, nth).toSpliced(1, 0, waiting, waiting) : well(launch, nth))),
  )
  expect(events.slice(1, 6).map((event) => (event.kind === 'waiting' ? event.detail : event.kind))).toEqual([
    'launched',
    'on battery',
    'on battery',
    'waited',
    'trial-ended',
  ])
  expect(events.filter(({ kind }) => kind === 'waited')).toHaveLength(1)
})

test('a worker that vanishes again and again fails its trials, with its log', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, plan)
  const { outcome, events } = await run(
    lab.store,
    scripted((launch, nth) => (nth <= 4 ? [claimed] : well(launch, nth))),
  )
  expect(outcome).toBe('complete')
  expect(readLaunches(lab.store, plan.id).map(({ attempt, outcome: how }) => [attempt, how])).toEqual([
    ...[1, 2, 3].map((attempt) => [attempt, { status: 'stopped' }]),
    [4, { status: 'failed', reason: 'crashed', detail: 'the worker ended without a word', logTail: 'the log' }],
    ...[1, 1, 1].map((attempt) => [attempt, { status: 'ok' }]),
  ])
  expect(events.find((event) => event.kind === 'launch-ended')).toEqual({
    kind: 'launch-ended',
    launchId: 1,
    how: 'the worker ended without a word (its log is in the spool 0)',
    goesOn: true,
  })
})

test('a worker that somebody else stopped interrupts the run: it starts no other', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, plan)
  const target = scripted((launch, nth) => (nth === 2 ? failing({ status: 'stopped' }) : well(launch, nth)))
  const { outcome, events } = await run(lab.store, target)
  expect(outcome).toBe('interrupted')
  expect(events.filter(({ kind }) => kind === 'launched')).toHaveLength(2)
  expect((await run(lab.store, target)).outcome).toBe('complete')
})

test('every arm of a block is asked the prompts in one order, every block in another', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, plan)
  const seeds = new Map<number, Set<number>>()
  await run(
    lab.store,
    scripted((launch, nth) => {
      const { block = -1 } = plan.launches[nth - 1] ?? {}
      for (const { orderSeed } of launch.trials) seeds.set(block, (seeds.get(block) ?? new Set()).add(orderSeed))
      return well(launch, nth)
    }),
  )
  expect([...seeds.values()].map((ofBlock) => ofBlock.size)).toEqual([1, 1])
  expect(new Set([...seeds.values()].flatMap((ofBlock) => [...ofBlock])).size).toBe(2)
})

test('a launch is given one worker', async () => {
  using lab = temporaryStore()
  insertPlan(lab.store, plan)
  const target = scripted(well)
  const started: string[] = []
  const claimedAfter = new Map<string, number>()
  await run(lab.store, {
    ...target,
    start: async (spool) => void started.push(spool),
    // A worker needs a moment to claim its spool.
    state: async (spool) => {
      claimedAfter.set(spool, (claimedAfter.get(spool) ?? 0) + 1)
      return (claimedAfter.get(spool) as number) < 3 ? 'unclaimed' : 'gone'
    },
  })
  expect(started).toEqual(['0', '1', '2', '3'])
})
