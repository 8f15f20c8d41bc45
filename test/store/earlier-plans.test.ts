import { expect, test } from 'vitest'
import type { Plan } from '../../lib/domain/plan.ts'
import { earlierPlans } from '../../lib/store/earlier-plans.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { startSession } from '../../lib/store/sessions.ts'
import type { Store } from '../../lib/store/store.ts'
import { examplePlan, temporaryStore } from './example.ts'

const compare: NonNullable<Plan['compare']> = { treatment: ['quantization'], pairs: [], margins: [] }

function measured(store: Store, id: string, atMs: number, change: Partial<Plan> = { compare }): void {
  insertPlan(store, examplePlan({ id, ...change }))
  startSession(store, { planId: id, atMs })
}

test('plans that measured the same cells before, the latest first', () => {
  using lab = temporaryStore()
  measured(lab.store, 'aaaa00000001', 100)
  measured(lab.store, 'bbbb00000002', 200)
  measured(lab.store, 'cccc00000003', 300)
  measured(lab.store, 'dddd00000004', 400)
  expect(earlierPlans(lab.store, 'cccc00000003')).toEqual(['bbbb00000002', 'aaaa00000001'])
  expect(earlierPlans(lab.store, 'aaaa00000001')).toEqual([])
})

test('not those that declare nothing, have no such cell, or have not begun', () => {
  using lab = temporaryStore()
  measured(lab.store, 'aaaa00000001', 100, {})
  const others = examplePlan().cells.map((cell) => ({ ...cell, id: cell.id.replaceAll('0', '1') }))
  measured(lab.store, 'bbbb00000002', 200, { compare, cells: others, launches: [] })
  insertPlan(lab.store, examplePlan({ id: 'dddd00000004', compare }))
  measured(lab.store, 'cccc00000003', 300)
  expect(earlierPlans(lab.store, 'cccc00000003')).toEqual([])
  expect(earlierPlans(lab.store, 'dddd00000004')).toEqual([])
})

test('a plan that went on in a second session began with its first', () => {
  using lab = temporaryStore()
  measured(lab.store, 'aaaa00000001', 100)
  startSession(lab.store, { planId: 'aaaa00000001', atMs: 900 })
  measured(lab.store, 'bbbb00000002', 200)
  expect(earlierPlans(lab.store, 'bbbb00000002')).toEqual(['aaaa00000001'])
})
