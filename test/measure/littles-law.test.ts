import { describe, expect, test } from 'vitest'
import { randomSequence } from '../../lib/domain/seeded.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { calm, found, times } from './invalid-trial.ts'
import { completion, failed } from './requests.ts'

const underWay = (requests: number, seconds: number) => ({ client: { ...calm, underWay: { requests, seconds } } })

describe("Little's law", () => {
  // Ten in a row of 100 ms: one under way all the time.
  const inARow = times(10, (i) => {
    const atUs = 1_000_000 + i * 100_000
    return completion({
      scheduledUs: atUs,
      sentUs: atUs,
      doneUs: 100_000,
      events: { deltasUs: [40_000, 20_000, 20_000] },
    })
  })

  test('holds where what was counted is what was recorded', () => {
    expect(found(inARow, underWay(10, 1.0))).toEqual({})
    expect(found(inARow, underWay(10, 1.05))).toEqual({})
  })

  test('fails where time is missing', () => {
    expect(found(inARow, underWay(10, 1.2))).toEqual({
      'littles-law':
        'the client had 1.20 requests under way on average, 1.20 s in all, but their records say 10.00 per second times 100.00 ms, which is 1.00 and 1.00 s',
    })
  })

  test('tells no more under way than there are clients: each side over its own stretch', () => {
    const client = { ...calm, underWay: { requests: 10, seconds: 1.24, stretchSeconds: 1.25 } }
    expect(found(inARow, { client })).toEqual({
      'littles-law':
        'the client had 0.99 requests under way on average, 1.24 s in all, but their records say 10.00 per second times 100.00 ms, which is 1.00 and 1.00 s',
    })
  })

  test('holds where the client had them in hand before they left late, which is told as that alone', () => {
    const late = inARow.map((request) => ({ ...request, scheduledUs: request.sentUs - 30_000 }))
    expect(Object.keys(found(late, underWay(10, 1.3)))).toEqual(['client-late'])
  })

  test('counts connections that were opened anew into both its sides', () => {
    const [first] = inARow
    const slow = completion({ ...first, connectUs: 400_000 })
    const client = { ...calm, underWay: { requests: 1, seconds: 1, stretchSeconds: 1 } }
    expect(found([slow], { client })).toEqual({
      'littles-law':
        'the client had 1.00 requests under way on average, 1.00 s in all, but their records say 2.00 per second times 500.00 ms, which is 1.00 and 0.50 s',
    })
  })

  test('fails where a single request is missing', () => {
    expect(found(inARow, underWay(11, 1.0))).toEqual({
      'littles-law': 'the client let 11 requests go, and 10 of them were recorded',
    })
  })

  test('is not asked of a trial that failed', () => {
    const end = { status: 'failed', reason: 'crashed', detail: '' } as const
    expect(found(inARow, { ...underWay(99, 9), end })).toEqual({})
  })

  test('holds for any trace that is whole, and for none that lost a tenth or was timed by a wrong clock', () => {
    const random = randomSequence(7)
    for (let round = 0; round < 300; round++) {
      const trace = randomTrace(random)
      // Swept as a gauge sees it: sends and ends in the order in which they come.
      const health = underWay(trace.length, sweptSeconds(trace))
      const wrongClock = trace.map((request) => ({ ...request, doneUs: Math.round(request.doneUs * 1.2) }))
      expect(found(trace, health)).toEqual({})
      expect(found(wrongClock, health)).toHaveProperty('littles-law')
      expect(found(trace.slice(Math.ceil(trace.length / 10)), health)).toHaveProperty('littles-law')
    }
  })
})

/** Up to 200 requests of 10 to 500 ms, let go at any moment, some failed. */
function randomTrace(random: () => number): RequestTimeline[] {
  return times(1 + Math.floor(random() * 200), (client) => {
    const sentUs = Math.round(random() * 5e6)
    const doneUs = Math.round(10_000 + random() * 490_000)
    const outcome = random() < 0.1 ? failed : ({ status: 'ok', finish: 'length' } as const)
    return completion({ client, scheduledUs: sentUs, sentUs, doneUs, outcome, events: { deltasUs: [doneUs] } })
  })
}

function sweptSeconds(trace: readonly RequestTimeline[]): number {
  const turns = trace.flatMap(({ sentUs, doneUs }) => [
    { atUs: sentUs, by: 1 },
    { atUs: sentUs + doneUs, by: -1 },
  ])
  const state = { atUs: 0, now: 0, us: 0 }
  for (const { atUs, by } of turns.toSorted((a, b) => a.atUs - b.atUs)) {
    state.us += state.now * (atUs - state.atUs)
    state.atUs = atUs
    state.now += by
  }
  return state.us / 1e6
}
