import { expect, test } from 'vitest'
import type { LoadConfig } from '../../lib/domain/cell.ts'
import type { Objectives } from '../../lib/domain/plan.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { deriveTrial } from '../../lib/measure/derive-trial.ts'
import { type Standing, standingOf } from '../../lib/measure/standing.ts'
import { completion, without } from './requests.ts'

const outcome = { status: 'failed', reason: 'cut-off', detail: 'in flight at the end' } as const
/** Cut off so long after it was sent, with nothing of it there yet. */
const silent = (doneMs: number, change: Partial<RequestTimeline> = {}): RequestTimeline => {
  const request = without(without(completion({ outcome, doneUs: doneMs * 1000, ...change }), 'events'), 'outputTokens')
  return { ...request, ...(change.events && { events: change.events }) }
}
/** Never sent: due so long before it was given up. */
const unserved = (waitedMs: number) =>
  silent(0, { scheduledUs: 0, sentUs: waitedMs * 1000, poolWaitUs: waitedMs * 1000 })
/** Its first token after 100 ms, then one every 20 ms, cut off while it went on. */
const streaming = (tokens: number, change: Partial<RequestTimeline> = {}) => {
  const deltasUs = [100_000, ...Array.from({ length: tokens - 1 }, () => 20_000)]
  return silent(100 + 20 * tokens - 10, { events: { deltasUs }, ...change })
}
const each = ({ deltasUs }: { deltasUs: readonly number[] }) => deltasUs.map(() => 1)
const standings = (objectives: Objectives, requests: readonly RequestTimeline[]): Standing[] =>
  requests.map((request) => standingOf(request, objectives, each))

test('one that was cut off has missed what it took longer for than it may, and is open before that', () => {
  const requests = [silent(199), silent(201), streaming(5), streaming(50)]
  expect(standings({ e2e_ms: 200 }, requests)).toEqual(['open', 'missed', 'open', 'missed'])
  expect(standings({ ttft_ms: 200 }, requests)).toEqual(['open', 'missed', 'met', 'met'])
  expect(standings({ ttft_ms: 99 }, requests)).toEqual(['missed', 'missed', 'missed', 'missed'])
})

test('one that never left has missed what it waited longer than, wherever that counts from', () => {
  for (const metric of ['ttft_ms', 'ttft_scheduled_ms', 'e2e_ms'] as const)
    expect(standings({ [metric]: 200 }, [unserved(199), unserved(201)]), metric).toEqual(['open', 'missed'])
})

test('one that left late counts from where its metric does, as one that ended', () => {
  const late = silent(100, { scheduledUs: 0, sentUs: 500_000, poolWaitUs: 500_000 })
  expect(standings({ ttft_scheduled_ms: 200 }, [late])).toEqual(['missed'])
  expect(standings({ ttft_ms: 200 }, [late])).toEqual(['open'])
})

test('a pace is that of what came; without a further token it is open until one would be too late', () => {
  const stuck = silent(500, { events: { deltasUs: [100_000] } })
  const stalled = silent(1000, { events: { deltasUs: [100_000, 20_000, 20_000] } })
  for (const metric of ['tpot_ms', 'icl_ms'] as const) {
    expect(standings({ [metric]: 20 }, [streaming(9), streaming(1)]), metric).toEqual(['met', 'open'])
    expect(standings({ [metric]: 19 }, [streaming(9), stuck, stalled]), metric).toEqual(['missed', 'missed', 'missed'])
    expect(standings({ [metric]: 20, ttft_ms: 99 }, [streaming(1)]), 'one that is missed is enough').toEqual(['missed'])
  }
  expect(
    standingOf(streaming(9), { tpot_ms: 20 }, () => undefined),
    'of unknown tokens',
  ).toBe('open')
})

const share = (objectives: Objectives, requests: readonly RequestTimeline[]) => {
  const load: LoadConfig = { kind: 'constant', ratePerSecond: 10, clients: 4, seed: 1, durationMs: 2000 }
  return deriveTrial({ requests, memory: [], objectives, load }).goodput_share
}

test('the good share of a server that falls behind is not that of the few it served', () => {
  const served = Array.from({ length: 4 }, (_, i) => completion({ scheduledUs: i, sentUs: i }))
  const queued = Array.from({ length: 16 }, (_, i) => unserved(100 * (i + 1)))
  // All that were served are good; of the others three may have become so.
  expect(share({ ttft_ms: 350 }, [...served, ...queued])).toEqual({ value: 4 / 17, n: 17 })
  expect(share({ ttft_ms: 350 }, queued.slice(0, 3)), 'nothing is known yet').toBeUndefined()
})

test('a cut does not tilt the share of long answers: those in time count as those that were late do', () => {
  const inTime = Array.from({ length: 9 }, () => streaming(8))
  const late = streaming(8, { events: { deltasUs: [500_000, 20_000] }, doneUs: 530_000 })
  expect(share({ ttft_ms: 200, tpot_ms: 25 }, [...inTime, late, completion()])).toEqual({ value: 10 / 11, n: 11 })
})
