import { expect, test } from 'vitest'
import type { FailureReason } from '../../lib/domain/timeline.ts'
import { continueLaunch, failures, isRetried, leftovers, repeatLaunch } from '../../lib/store/continue-launch.ts'
import { endLaunch } from '../../lib/store/end-launch.ts'
import { markStarted, nextPendingLaunch, readLaunch } from '../../lib/store/launches.ts'
import { listPlans } from '../../lib/store/list-plans.ts'
import { readPlanData } from '../../lib/store/read-plan-data.ts'
import { readPlan } from '../../lib/store/read-plan.ts'
import { readLaunchTrials } from '../../lib/store/read-trials.ts'
import type { Store } from '../../lib/store/store.ts'
import { claimed, commitAll, examplePlan, loaded, startedPlan, temporaryStore, trialRecords } from './example.ts'

const planId = examplePlan().id
const retrying = (retries: number) => {
  const plan = examplePlan()
  return { ...plan, cells: plan.cells.map((cell) => ({ ...cell, limits: { ...cell.limits, retries } })) }
}
const state = (store: Store, launchId: number) =>
  readLaunchTrials(store, launchId).map(({ status, unused }) => [status, unused])

/** A launch whose first trial is ok, whose second fails and whose third ends well. */
function failSecond(store: Store, launchId: number, reason: FailureReason): void {
  const [first = 0, second = 0, third = 0] = readLaunchTrials(store, launchId).map(({ id }) => id)
  commitAll(store, launchId, [
    claimed,
    loaded,
    ...trialRecords(first),
    { kind: 'trial-started', trialId: second, atUs: 3 },
    { kind: 'trial-ended', trialId: second, atUs: 4, end: { status: 'failed', reason, detail: 'why' }, invalid: [] },
    ...trialRecords(third),
    { kind: 'done', outcome: { status: 'ok' }, atMs: 9000 },
  ])
}

test('a trial that failed for a reason that may pass runs again in a launch of its own, and its evidence is kept', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store, retrying(1))
  failSecond(lab.store, launchId, 'stall')
  expect(isRetried(lab.store, 2)).toBe(true)
  expect(leftovers(lab.store, planId)).toEqual([{ launchId, trialIds: [2] }])
  const [left] = leftovers(lab.store, planId)
  const next = continueLaunch(lab.store, left as never)
  expect(state(lab.store, launchId)).toEqual([
    ['ok', undefined],
    ['failed', 'retried'],
    ['ok', undefined],
  ])
  expect(state(lab.store, next)).toEqual([['pending', undefined]])
  expect(nextPendingLaunch(lab.store, planId)).toMatchObject({ id: next, ordinal: 0, attempt: 2 })
  expect(listPlans(lab.store)[0]?.trials).toMatchObject({ ok: 2, failed: 0, pending: 10 })
  const { trials, unused } = readPlanData(lab.store, planId)
  expect([trials.length, unused.map(({ id, reason }) => [id, reason])]).toEqual([12, [[2, 'stall']]])
})

test('a trial runs again as often as its limits say, and then has failed', () => {
  using lab = temporaryStore()
  const { launchId, sessionId } = startedPlan(lab.store, retrying(2))
  failSecond(lab.store, launchId, 'crashed')
  const attempts = [1, 2].map((attempt) => {
    const [left] = leftovers(lab.store, planId)
    const next = continueLaunch(lab.store, left as never)
    markStarted(lab.store, { launchId: next, sessionId, spool: `/spools/${attempt}` })
    const outcome = { status: 'failed', reason: 'crashed', detail: 'again', logTail: '' } as const
    endLaunch(lab.store, { launchId: next, outcome, atMs: 1 })
    return next
  })
  expect(leftovers(lab.store, planId)).toEqual([])
  expect(attempts.map((id) => state(lab.store, id))).toEqual([[['failed', 'retried']], [['failed', undefined]]])
  expect(failures(lab.store, planId)).toMatchObject([{ launchId: attempts[1] }])
})

test.each(['out-of-memory', 'context-overflow', 'accelerator-missing', 'artifact-missing', 'refused'] as const)(
  '%s does not pass, and is not retried; it is tried again where that is asked for',
  (reason) => {
    using lab = temporaryStore()
    const { launchId } = startedPlan(lab.store, retrying(1))
    failSecond(lab.store, launchId, reason)
    expect([isRetried(lab.store, 2), leftovers(lab.store, planId)]).toEqual([false, []])
    expect(failures(lab.store, planId)).toEqual([{ launchId, trialIds: [2] }])
  },
)

test('a launch that is repeated has all of its trials once more, as planned, however far it and those after it came', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store, retrying(1))
  failSecond(lab.store, launchId, 'stall')
  const retry = continueLaunch(lab.store, leftovers(lab.store, planId)[0] as never)
  expect(repeatLaunch(lab.store, retry)).toBe(retry)
  expect(state(lab.store, launchId)).toEqual([
    ['ok', 'block-repeated'],
    ['failed', 'retried'],
    ['ok', 'block-repeated'],
  ])
  expect(readLaunchTrials(lab.store, retry).map(({ cellId, status }) => [cellId, status])).toEqual(
    examplePlan().launches[0]?.cellIds.map((cellId) => [cellId, 'pending']),
  )
  expect(readPlan(lab.store, planId)).toEqual(retrying(1))
})

test('a launch that goes on for another and was started is repeated with the trials of the plan, each once', () => {
  using lab = temporaryStore()
  const { launchId, sessionId } = startedPlan(lab.store, retrying(1))
  failSecond(lab.store, launchId, 'stall')
  const retry = continueLaunch(lab.store, leftovers(lab.store, planId)[0] as never)
  markStarted(lab.store, { launchId: retry, sessionId, spool: '/spools/retry' })
  endLaunch(lab.store, { launchId: retry, outcome: { status: 'stopped' }, atMs: 1 })
  const next = repeatLaunch(lab.store, retry)
  expect(readLaunchTrials(lab.store, next).map(({ cellId }) => cellId)).toEqual(examplePlan().launches[0]?.cellIds)
})

test('a launch that was stopped is repeated by a launch after it', () => {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  commitAll(lab.store, launchId, [
    claimed,
    loaded,
    ...trialRecords(1),
    { kind: 'done', outcome: { status: 'stopped' }, atMs: 1 },
  ])
  const next = repeatLaunch(lab.store, launchId)
  expect(readLaunch(lab.store, next)).toMatchObject({ attempt: 2, continues: launchId, status: 'pending' })
  expect(state(lab.store, launchId)).toEqual([
    ['ok', 'block-repeated'],
    ['interrupted', 'block-repeated'],
    ['interrupted', 'block-repeated'],
  ])
  expect(state(lab.store, next)).toHaveLength(3)
})
