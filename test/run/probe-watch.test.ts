import { expect, test } from 'vitest'
import type { Objectives } from '../../lib/domain/plan.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { ProbeWatch } from '../../lib/run/probe-watch.ts'
import { completion, failed } from '../measure/requests.ts'
import { exampleCell, examplePlan, numbered, trialRecords } from '../store/example.ts'
import { countedCell, unsaid } from './counted-server.ts'

const workload = examplePlan().cells[0]?.config.workload as never
const uncounted = exampleCell('f16', workload)
const counted = countedCell(uncounted)

function watch(requests: readonly RequestTimeline[], objectives: Objectives, cell = counted): ProbeWatch {
  const seen = new ProbeWatch(cell, objectives)
  seen.take(numbered(trialRecords(1, requests).slice(0, -1)))
  return seen
}
const isHopeless = (request: RequestTimeline, objectives: Objectives, cell = counted) =>
  watch(
    Array.from({ length: 10 }, () => request),
    objectives,
    cell,
  ).hopeless.aborted

test('no answer that is still to be counted is given up for its time per token, which nobody knows yet', () => {
  expect(isHopeless(unsaid([90, 90]), { tpot_ms: 30 })).toBe(false)
})

test('it is given up for what no count will mend, or where none will come', () => {
  expect([
    isHopeless(unsaid([90, 90]), { tpot_ms: 30, ttft_ms: 99 }),
    isHopeless({ ...unsaid([90, 90]), outcome: failed }, { tpot_ms: 30 }),
    isHopeless(completion(), { tpot_ms: 20 }),
    isHopeless(unsaid([10, 10]), { tpot_ms: 30 }, uncounted),
  ]).toEqual([true, true, true, true])
})

test('it is given up once so many waited for a client that the rate says nothing of the server', () => {
  expect(isHopeless(completion({ poolWaitUs: 400_000 }), { ttft_ms: 200 }, uncounted)).toBe(true)
  expect(isHopeless(completion({ poolWaitUs: 4000 }), { ttft_ms: 200 }, uncounted), 'less than 5 % of its TTFT').toBe(
    false,
  )
})

test('neither the text of an answer nor its bytes are kept in memory', () => {
  const stream = { deltasUs: [1], lengths: [1], bytes: 'AA==' }
  const { requests } = watch([completion({ output: 'Hello', stream })], { ttft_ms: 200 })
  expect(requests).toHaveLength(1)
  expect(Object.keys(requests[0] ?? {})).not.toEqual(expect.arrayContaining(['output']))
  expect(Object.keys(requests[0] ?? {})).not.toEqual(expect.arrayContaining(['stream']))
})

test('a count of what the server said is no other number of tokens', () => {
  const seen = watch([completion()], { tpot_ms: 25 })
  seen.take([{ n: 9, kind: 'counted', trialId: 1, tokens: [[2, 30]] }])
  expect(seen.requests[0]?.outputTokens).toBe(3)
})
