import { expect, test } from 'vitest'
import { continueLaunch, leftovers } from '../../lib/store/continue-launch.ts'
import { endLaunch } from '../../lib/store/end-launch.ts'
import { markStarted, nextPendingLaunch, readLaunch, readLaunches } from '../../lib/store/launches.ts'
import { listPlans } from '../../lib/store/list-plans.ts'
import { readPlan } from '../../lib/store/read-plan.ts'
import { readLaunchTrials } from '../../lib/store/read-trials.ts'
import type { Store } from '../../lib/store/store.ts'
import { claimed, commitAll, done, examplePlan, loaded, startedPlan, temporaryStore, trialRecords } from './example.ts'

const planId = examplePlan().id
const crashed = {
  status: 'failed',
  reason: 'crashed',
  detail: "the engine's process was ended by SIGABRT",
  logTail: 'ggml_abort',
} as const
const secondStarted = [claimed, loaded, ...trialRecords(1), { kind: 'trial-started', trialId: 2, atUs: 9 } as const]
const statuses = (store: Store, launchId: number) => readLaunchTrials(store, launchId).map((trial) => trial.status)

const ended = (store: Store) => leftovers(store, planId).map((left) => left.launchId)
const goOn = (store: Store, launchId: number) =>
  continueLaunch(
    store,
    leftovers(store, planId).find((left) => left.launchId === launchId) ?? { launchId, trialIds: [] },
  )

test('a crash fails the trial that ran, and leaves those not started for another launch', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  commitAll(lab.store, launchId, secondStarted)
  endLaunch(lab.store, { launchId, outcome: crashed, atMs: 5000 })
  expect(statuses(lab.store, launchId)).toEqual(['ok', 'failed', 'pending'])
  expect(readLaunchTrials(lab.store, launchId)[1]).toMatchObject({ reason: 'crashed', detail: crashed.detail })
  expect(readLaunch(lab.store, launchId)).toMatchObject({ status: 'failed', outcome: crashed })
  expect(ended(lab.store)).toEqual([launchId])
})

test("a crash that the worker itself recorded says the same in the trial's own words", () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  const end = { status: 'failed', reason: 'crashed', detail: 'SIGABRT' } as const
  commitAll(lab.store, launchId, [
    ...secondStarted,
    { kind: 'trial-ended', trialId: 2, atUs: 10, end, invalid: [] },
    { kind: 'done', outcome: crashed, atMs: 5000 },
  ])
  expect(readLaunchTrials(lab.store, launchId)[1]).toMatchObject({ status: 'failed', detail: 'SIGABRT' })
  expect(ended(lab.store)).toEqual([launchId])
})

test('an engine that never came up fails all trials of its launch, so that nothing is tried for ever', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  commitAll(lab.store, launchId, [claimed])
  endLaunch(lab.store, { launchId, outcome: { ...crashed, reason: 'load-timeout' }, atMs: 5000 })
  expect(statuses(lab.store, launchId)).toEqual(['failed', 'failed', 'failed'])
  expect(ended(lab.store)).toEqual([])
})

test('a stop interrupts the trial that ran', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  commitAll(lab.store, launchId, [...secondStarted, { kind: 'done', outcome: { status: 'stopped' }, atMs: 5000 }])
  expect(statuses(lab.store, launchId)).toEqual(['ok', 'interrupted', 'pending'])
  expect(readLaunch(lab.store, launchId).status).toBe('interrupted')
})

test('a trial that ended because its user stopped it is interrupted and not failed', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  const end = { status: 'failed', reason: 'stopped', detail: 'stopped by its user' } as const
  commitAll(lab.store, launchId, [...secondStarted, { kind: 'trial-ended', trialId: 2, atUs: 10, end, invalid: [] }])
  expect(readLaunchTrials(lab.store, launchId)[1]).toMatchObject({ status: 'interrupted', reason: 'stopped' })
})

test('a launch whose device was in use is to be tried again, whole', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  commitAll(lab.store, launchId, [
    claimed,
    { kind: 'done', outcome: { status: 'refused', detail: 'cpu0 is in use' }, atMs: 2 },
  ])
  expect(statuses(lab.store, goOn(lab.store, launchId))).toEqual(['pending', 'pending', 'pending'])
})

test('what was left over runs in a launch of its own, directly after the old one', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  commitAll(lab.store, launchId, [...secondStarted, { kind: 'done', outcome: { status: 'stopped' }, atMs: 5000 }])
  const next = goOn(lab.store, launchId)
  expect(statuses(lab.store, launchId)).toEqual(['ok', 'interrupted', 'interrupted'])
  expect(readLaunchTrials(lab.store, launchId).map(({ unused }) => unused)).toEqual([
    undefined,
    'interrupted',
    'interrupted',
  ])
  expect(readLaunchTrials(lab.store, next).map((trial) => [trial.cellId, trial.status])).toEqual(
    examplePlan()
      .launches[0]?.cellIds.slice(1)
      .map((cellId) => [cellId, 'pending']),
  )
  expect(readLaunches(lab.store, planId).map((launch) => launch.id)).toEqual([1, next, 2, 3, 4])
  expect(readLaunch(lab.store, next)).toMatchObject({ ordinal: 0, attempt: 2, continues: launchId, status: 'pending' })
  expect(nextPendingLaunch(lab.store, planId)?.id).toBe(next)
  expect(ended(lab.store)).toEqual([])
})

test('a plan stays as it was frozen when launches continue others', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  commitAll(lab.store, launchId, secondStarted)
  endLaunch(lab.store, { launchId, outcome: crashed, atMs: 5000 })
  goOn(lab.store, launchId)
  expect(readPlan(lab.store, planId)).toEqual(examplePlan())
})

test('a trial that runs again is counted once', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  commitAll(lab.store, launchId, [...secondStarted, { kind: 'done', outcome: { status: 'stopped' }, atMs: 5000 }])
  expect(listPlans(lab.store)[0]?.trials).toEqual({ pending: 10, running: 0, ok: 1, failed: 0, interrupted: 1 })
  goOn(lab.store, launchId)
  expect(listPlans(lab.store)[0]?.trials).toEqual({ pending: 11, running: 0, ok: 1, failed: 0, interrupted: 0 })
})

test('a launch is continued once', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  commitAll(lab.store, launchId, secondStarted)
  expect(() => goOn(lab.store, launchId)).toThrow('launch 1 left nothing to continue')
  endLaunch(lab.store, { launchId, outcome: crashed, atMs: 5000 })
  goOn(lab.store, launchId)
  expect(() => goOn(lab.store, launchId)).toThrow('UNIQUE')
})

test('a launch ends once, and not well while a trial is open', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  expect(() => commitAll(lab.store, launchId, [claimed, loaded, ...trialRecords(1), done])).toThrow(
    'launch 1 ended well, but its trial 2 did not',
  )
  endLaunch(lab.store, { launchId, outcome: { status: 'stopped' }, atMs: 1 })
  expect(() => endLaunch(lab.store, { launchId, outcome: { status: 'stopped' }, atMs: 2 })).toThrow(
    'launch 1 is not running',
  )
})

test('a launch is started once', () => {
  using lab = temporaryStore()
  const { launchId, sessionId } = startedPlan(lab.store)
  expect(() => markStarted(lab.store, { launchId, sessionId, spool: '/other' })).toThrow('launch 1 is not pending')
})
