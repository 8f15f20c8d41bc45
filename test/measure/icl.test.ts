import { expect, test } from 'vitest'
import { aggregateRequests } from '../../lib/measure/aggregate-requests.ts'
import { exampleRequest } from '../store/example.ts'

const gaps = (count: number, us: number) => Array.from({ length: count }, () => us)

test('percentiles of ICL are over the gaps of all requests: slow tokens of one are seen', () => {
  const steady = { ...exampleRequest, outputTokens: 200, events: { deltasUs: [9000, ...gaps(199, 1000)] } }
  const stalled = { ...steady, events: { deltasUs: [9000, ...gaps(169, 1000), ...gaps(30, 50_000)] } }
  expect(aggregateRequests([steady, stalled]).icl_ms).toMatchObject({ n: 398, median: 1, p90: 1, p95: 50 })
})
