import { expect, test } from 'vitest'
import type { ClientHealth, Invalidity } from '../../lib/domain/record.ts'
import { readOtherCounts } from '../../lib/report/read-other-counts.ts'
import { readPlanSetting } from '../../lib/store/read-plan-data.ts'
import { claimed, commitAll, loaded, startedPlan, temporaryStore, trialRecords } from '../store/example.ts'

const spread = { p50: 1, p99: 1, max: 1 }
const health: ClientHealth = {
  processes: 1,
  cpuCores: 0.1,
  loopDelayMs: spread,
  events: 3,
  reads: 3,
  eventsPerRead: spread,
}

function counted({
  client,
  invalid = [],
  requests = 1,
}: {
  client?: ClientHealth
  invalid?: Invalidity[]
  requests?: number
}) {
  using lab = temporaryStore()
  const { launchId } = startedPlan(lab.store)
  const records = trialRecords(1).map((record) =>
    record.kind === 'trial-ended' ? { ...record, invalid, ...(client !== undefined && { client }) } : record,
  )
  commitAll(lab.store, launchId, [claimed, loaded, ...records])
  return readOtherCounts(lab.store, readPlanSetting(lab.store, 'c0ffee000001'), requests)
}

test('what a server sent is counted as each tool would, by cell', () => {
  const found = counted({ client: health })
  const said = found?.status === 'ok' ? [...found.ofCell.values()][0] : undefined
  expect(Object.keys(said ?? {})).toEqual(['vllm', 'guidellm', 'aiperf', 'llmperf', 'llm-load-test'])
  expect(said?.guidellm['time_to_first_token_ms']?.value).toBe(100)
  expect(said?.guidellm['time_per_output_token_ms']?.value).toBe(50) // 150 ms for 3 tokens: the first is in it
})

test('a cell whose trials are all invalid is counted as well, as its other values are', () => {
  expect(counted({ client: health, invalid: [{ reason: 'contention', detail: 'others' }] })?.status).toBe('ok')
})

test('nothing is read of engines without a wire, nor of too many requests', () => {
  expect(counted({})).toBe(undefined)
  expect(counted({ client: health, requests: 1_000_000 })).toEqual({ status: 'too-many' })
})
