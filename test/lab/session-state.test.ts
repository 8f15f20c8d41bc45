import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { deadPlans, isDead } from '../../lib/lab/session-state.ts'
import { takeLock } from '../../lib/shell/named-lock.ts'
import { writeHeartbeat } from '../../lib/store/heartbeats.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { endSession, startSession } from '../../lib/store/sessions.ts'
import { freshId } from '../cli/stored-plan.ts'
import { examplePlan, temporaryStore } from '../store/example.ts'

const session = { sessionId: 1, planId: 'p', startedAtMs: 0, host: 'here', pid: 1, heartbeatMs: 1_000_000 }
const seen = (nowMs: number, isHeld: boolean, host = 'here') => ({ nowMs, host, isHeld })

test('a runner without a heartbeat for half a minute, and without its lock, is dead', () => {
  expect(isDead(session, seen(1_029_000, false))).toBe(false)
  expect(isDead(session, seen(1_031_000, false))).toBe(true)
})

test('a clock that was set, back or on, kills no runner that holds its lock, and saves none that does not', () => {
  for (const nowMs of [1_000_000 - 3_600_000, 1_000_000 + 3_600_000]) {
    expect(isDead(session, seen(nowMs, true))).toBe(false)
    expect(isDead(session, seen(nowMs, false))).toBe(true)
  }
})

test('of a runner elsewhere only the heartbeat counts: a lock of that name here is not its', () => {
  expect(isDead(session, seen(1_010_000, false, 'there'))).toBe(false)
  expect(isDead(session, seen(1_060_000, true, 'there'))).toBe(true)
})

test('a session of a store that knew no heartbeats is dead unless its lock is held', () => {
  const { heartbeatMs: _, ...old } = session
  expect([isDead(old, seen(0, false)), isDead(old, seen(0, true))]).toEqual([true, false])
})

test('of the plans in a store those are dead that say they run, and do not', async () => {
  using lab = temporaryStore()
  const [killed, alive, ended] = [freshId(), freshId(), freshId()]
  for (const id of [killed, alive, ended]) {
    insertPlan(lab.store, examplePlan({ id }))
    const sessionId = startSession(lab.store, { planId: id, atMs: 1000 })
    writeHeartbeat(lab.store, { sessionId, atMs: 1000, host: hostname(), pid: 1 })
    if (id === ended) endSession(lab.store, { sessionId, atMs: 2000, status: 'ended' })
  }
  const lock = await takeLock(`plan-${alive}`, 'a runner', 0)
  expect(await deadPlans(lab.store, 500_000)).toEqual(new Set([killed]))
  if (lock.status === 'taken') lock.release()
})
