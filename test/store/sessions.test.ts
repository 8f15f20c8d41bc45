import { expect, test } from 'vitest'
import { runningSessions, writeHeartbeat } from '../../lib/store/heartbeats.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { readSessions } from '../../lib/store/read-plan-data.ts'
import { endSession, keepCalibration, resumeSession, startSession } from '../../lib/store/sessions.ts'
import { examplePlan, temporaryStore } from './example.ts'

const planId = examplePlan().id

test('a session that is resumed is one session, and counts its resumes', () => {
  using lab = temporaryStore()
  insertPlan(lab.store, examplePlan())
  const sessionId = startSession(lab.store, { planId, atMs: 100 })
  endSession(lab.store, { sessionId, atMs: 200, status: 'interrupted' })
  expect(readSessions(lab.store, planId)).toEqual([
    { id: sessionId, startedAtMs: 100, endedAtMs: 200, resumes: 0, status: 'interrupted' },
  ])
  expect(resumeSession(lab.store, { planId, atMs: 300 })).toBe(sessionId)
  expect(readSessions(lab.store, planId)).toEqual([{ id: sessionId, startedAtMs: 100, resumes: 1, status: 'running' }])
})

test('a resume without a session before it begins one', () => {
  using lab = temporaryStore()
  insertPlan(lab.store, examplePlan())
  resumeSession(lab.store, { planId, atMs: 300 })
  expect(readSessions(lab.store, planId)).toMatchObject([{ startedAtMs: 300, resumes: 0 }])
})

test('what the client adds is kept with the session, and anew where that goes on', () => {
  using lab = temporaryStore()
  insertPlan(lab.store, examplePlan())
  const spread = { p50: 0.1, p99: 0.2, max: 0.3 }
  const first = { atMs: 100, ttftMs: spread, gapErrorMs: spread, sendLagMs: spread, loopDelayMs: spread }
  const calibration = { ...first, eventsPerSecond: 200_000, cpuUsPerEvent: 2 }
  const sessionId = startSession(lab.store, { planId, atMs: 100 })
  keepCalibration(lab.store, { sessionId, calibration })
  keepCalibration(lab.store, { sessionId, calibration: { ...calibration, atMs: 300 } })
  expect(readSessions(lab.store, planId)[0]?.calibration).toEqual({ ...calibration, atMs: 300 })
})

test('a second session of a plan stands beside the first', () => {
  using lab = temporaryStore()
  insertPlan(lab.store, examplePlan())
  startSession(lab.store, { planId, atMs: 100 })
  const second = startSession(lab.store, { planId, atMs: 400 })
  expect(resumeSession(lab.store, { planId, atMs: 500 })).toBe(second)
  expect(readSessions(lab.store, planId).map((session) => session.resumes)).toEqual([0, 1])
})

test('a session that runs says who runs it and when they were last there, until it ends', () => {
  using lab = temporaryStore()
  insertPlan(lab.store, examplePlan())
  const sessionId = startSession(lab.store, { planId, atMs: 100 })
  expect(runningSessions(lab.store)).toEqual([{ sessionId, planId, startedAtMs: 100 }])
  const runner = { host: 'desk', pid: 4711, pidStart: '99' }
  for (const atMs of [200, 150]) writeHeartbeat(lab.store, { sessionId, atMs, ...runner })
  expect(runningSessions(lab.store)).toEqual([{ sessionId, planId, startedAtMs: 100, heartbeatMs: 150, ...runner }])
  endSession(lab.store, { sessionId, atMs: 300, status: 'ended' })
  expect(runningSessions(lab.store)).toEqual([])
})
