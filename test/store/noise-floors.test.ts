import { expect, test } from 'vitest'
import type { NoiseFloor } from '../../lib/domain/noise-floor.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { floorsBefore, keepNoiseFloors, readNoiseFloors } from '../../lib/store/noise-floors.ts'
import { startSession } from '../../lib/store/sessions.ts'
import type { Store } from '../../lib/store/store.ts'
import { examplePlan, temporaryStore } from './example.ts'

const floor = (planId: string, change: Partial<NoiseFloor> = {}): NoiseFloor => ({
  host: '{"cpu":"A CPU"}',
  device: 'local-cpu',
  engine: 'llama.cpp',
  metric: 'decode_tps',
  blocks: 10,
  floor: 0.012,
  planId,
  measuredAtMs: 1000,
  ...change,
})

function began(store: Store, planId: string, atMs: number): void {
  insertPlan(store, examplePlan({ id: planId }))
  startSession(store, { planId, atMs })
}

test('floors come back as they were kept, and what is measured again takes the place of what was', () => {
  using lab = temporaryStore()
  began(lab.store, 'c0ffee000001', 1000)
  const floors = [floor('c0ffee000001'), floor('c0ffee000001', { metric: 'ttft_ms', floor: 0.03 })]
  keepNoiseFloors(lab.store, 'c0ffee000001', floors)
  expect(readNoiseFloors(lab.store)).toEqual(floors)
  keepNoiseFloors(lab.store, 'c0ffee000001', [floor('c0ffee000001', { floor: 0.5 })])
  expect(readNoiseFloors(lab.store)).toEqual([floor('c0ffee000001', { floor: 0.5 })])
})

test('a plan’s verdicts rest on floors of sessions before its own alone', () => {
  using lab = temporaryStore()
  for (const [planId, atMs] of [
    ['c0ffee000001', 2000],
    ['c0ffee000002', 1000],
    ['c0ffee000003', 3000],
  ] as const) {
    began(lab.store, planId, atMs)
    keepNoiseFloors(lab.store, planId, [floor(planId, { measuredAtMs: atMs })])
  }
  const before = (planId: string) => floorsBefore(lab.store, planId).map((each) => each.planId)
  expect(before('c0ffee000001')).toEqual(['c0ffee000002'])
  expect(before('c0ffee000002')).toEqual([])
  expect(before('c0ffee000003')).toEqual(['c0ffee000002', 'c0ffee000001'])
})
