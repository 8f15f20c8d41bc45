import { expect, test } from 'vitest'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { clientQueue, clientQueues } from '../../lib/store/client-queues.ts'
import { waitedForClient } from '../../lib/measure/pool-wait.ts'
import { deriveMeasurements } from '../../lib/run/derive-measurements.ts'
import { readPlanData } from '../../lib/store/read-plan-data.ts'
import { claimed, commitAll, exampleRequest, loaded, startedPlan, temporaryStore, trialRecords } from './example.ts'

const cutOff = { status: 'failed', reason: 'cut-off', detail: 'in flight, or waiting for a client' } as const
const waiting = (poolWaitUs: number, change: Partial<RequestTimeline> = {}) => ({
  ...exampleRequest,
  poolWaitUs,
  ...change,
})
const few = [exampleRequest, waiting(1000), waiting(9e6, { phase: 'warmup' })]
const queued = [
  waiting(1001),
  waiting(2e6, { outcome: cutOff }),
  waiting(3e6, { outcome: cutOff, doneUs: 0 }),
  waiting(500, { outcome: cutOff, doneUs: 0 }),
]

function recorded(requests: readonly RequestTimeline[]) {
  const lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  commitAll(lab.store, launchId, [claimed, loaded, ...trialRecords(1, requests)])
  return lab
}

test('arrivals that waited for a client are counted, and those for which there was none until the end', () => {
  using lab = recorded([...few, ...queued])
  const queue = { trialId: 1, arrivals: 6, waited: 3, unserved: 1 }
  expect(clientQueue(lab.store, 1)).toEqual(queue)
  expect(clientQueues(lab.store, 'c0ffee000001')).toEqual([queue])
  expect(readPlanData(lab.store, 'c0ffee000001').queues).toEqual([queue])
})

test('a wait of a millisecond is none, and where none waited there is nothing to tell', () => {
  using lab = recorded(few)
  expect(clientQueue(lab.store, 1)).toBeUndefined()
  expect(readPlanData(lab.store, 'c0ffee000001')).not.toHaveProperty('queues')
})

test('a wait counts from beyond 5 % of its ttft_ms, here 100 ms, as everywhere; what failed has none', () => {
  const failed = { status: 'failed', reason: 'stall', detail: '' } as const
  const requests = [waiting(4000), waiting(5000), waiting(5001), waiting(4000, { outcome: failed })]
  using lab = recorded(requests)
  deriveMeasurements(lab.store, 1)
  expect(requests.map(waitedForClient)).toEqual([false, false, true, true])
  expect(clientQueue(lab.store, 1)).toEqual({ trialId: 1, arrivals: 4, waited: 2, unserved: 0 })
  expect(clientQueues(lab.store, 'c0ffee000001')).toMatchObject([{ waited: 2 }])
})
