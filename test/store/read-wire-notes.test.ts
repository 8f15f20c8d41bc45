import { expect, test } from 'vitest'
import type { ClientHealth } from '../../lib/domain/record.ts'
import { readPlanData } from '../../lib/store/read-plan-data.ts'
import { readWireNotes } from '../../lib/store/read-wire-notes.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { claimed, commitAll, exampleRequest, loaded, startedPlan, temporaryStore, trialRecords } from './example.ts'

const spread = { p50: 1, p99: 2, max: 3 }
const health: ClientHealth = {
  processes: 1,
  cpuCores: 0.1,
  loopDelayMs: spread,
  events: 9,
  reads: 9,
  eventsPerRead: spread,
}
const failed = (reason: 'connection-reset' | 'rate-limited' | 'cut-off', detail: string): RequestTimeline => ({
  ...exampleRequest,
  outcome: { status: 'failed', reason, detail },
})
const requests: RequestTimeline[] = [
  { ...failed('rate-limited', 'before the measured ones'), phase: 'warmup' },
  exampleRequest,
  { ...exampleRequest, connectUs: 700 },
  failed('connection-reset', 'after 7 events'),
  failed('connection-reset', 'after 12 events'),
  { ...failed('rate-limited', 'status 429: slow down'), poolWaitUs: 90 },
  failed('cut-off', 'the time was over'),
]

function recorded(client?: ClientHealth) {
  const lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  const records = trialRecords(1, requests).map((record) =>
    record.kind === 'trial-ended' && client !== undefined ? { ...record, client } : record,
  )
  commitAll(lab.store, launchId, [claimed, loaded, ...records])
  return lab
}

test('failed requests of a server are counted by reason, with the detail of one of them', () => {
  using lab = recorded(health)
  expect(readWireNotes(lab.store, 'c0ffee000001')).toEqual([
    {
      trialId: 1,
      failures: [
        { reason: 'connection-reset', n: 2, example: 'after 12 events' },
        { reason: 'rate-limited', n: 1, example: 'status 429: slow down' },
      ],
      reconnected: 1,
      sendLagMs: 0.01,
    },
  ])
})

test('of an engine without a wire there is nothing to note, and a plan says nothing of it', () => {
  using lab = recorded()
  expect(readWireNotes(lab.store, 'c0ffee000001')).toEqual([])
  expect(readPlanData(lab.store, 'c0ffee000001')).not.toHaveProperty('wire')
})
