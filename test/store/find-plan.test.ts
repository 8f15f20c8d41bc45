import { expect, test } from 'vitest'
import { findPlan } from '../../lib/store/find-plan.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { listPlans } from '../../lib/store/list-plans.ts'
import type { Store } from '../../lib/store/store.ts'
import { examplePlan, temporaryStore } from './example.ts'

const day = 24 * 3600 * 1000
const created = examplePlan().createdAtMs

function insertThree(store: Store): void {
  insertPlan(store, examplePlan({ id: 'f00000000003', createdAtMs: created - day }))
  insertPlan(store, examplePlan({ id: 'abc000000001', createdAtMs: created }))
  insertPlan(store, examplePlan({ id: 'abc000000002', createdAtMs: created + day }))
}

/** The message, with the store's place as `lab.db`. */
function messageOf(store: Store, named: string): string {
  try {
    return findPlan(store, named)
  } catch (error) {
    return (error as Error).message.replaceAll(store.file, 'lab.db')
  }
}

test('a plan is found by its id, by a start of it that only it has, and as the latest', () => {
  using lab = temporaryStore()
  insertThree(lab.store)
  expect(findPlan(lab.store, 'abc000000001')).toBe('abc000000001')
  expect(findPlan(lab.store, 'f')).toBe('f00000000003')
  expect(findPlan(lab.store, 'latest')).toBe('abc000000002')
})

test('plans are listed with the latest first', () => {
  using lab = temporaryStore()
  insertThree(lab.store)
  expect(listPlans(lab.store).map((plan) => plan.id)).toEqual(['abc000000002', 'abc000000001', 'f00000000003'])
  expect(listPlans(lab.store)[0]).toMatchObject({ name: 'quick', title: 'A quick look', cells: 6, skipped: 1 })
})

test('of two plans made in one millisecond the later is the latest', () => {
  using lab = temporaryStore()
  insertPlan(lab.store, examplePlan({ id: 'f00000000001' }))
  insertPlan(lab.store, examplePlan({ id: 'a00000000002' }))
  expect(findPlan(lab.store, 'latest')).toBe('a00000000002')
})

test('a clock that was set back makes no older plan the latest', () => {
  using lab = temporaryStore()
  insertPlan(lab.store, examplePlan({ id: 'f00000000001' }))
  insertPlan(lab.store, examplePlan({ id: 'a00000000002', createdAtMs: created - day }))
  expect(findPlan(lab.store, 'latest')).toBe('a00000000002')
  expect(listPlans(lab.store).map(({ id }) => id)).toEqual(['a00000000002', 'f00000000001'])
})

test('an id that nothing has is an error that says where to look', () => {
  using lab = temporaryStore()
  expect(messageOf(lab.store, 'latest')).toMatchInlineSnapshot(
    `"no plan "latest" in lab.db; it has none yet: run an experiment first"`,
  )
  insertThree(lab.store)
  expect(messageOf(lab.store, 'beef')).toMatchInlineSnapshot(
    `"no plan "beef" in lab.db; \`benchbook list\` shows those it has"`,
  )
  expect(messageOf(lab.store, '%')).toMatchInlineSnapshot(
    `"no plan "%" in lab.db; \`benchbook list\` shows those it has"`,
  )
  expect(messageOf(lab.store, '')).toMatchInlineSnapshot(
    `"no plan "" in lab.db; \`benchbook list\` shows those it has"`,
  )
})

test('of an id that is nearly one, or nearly the start of one, that one is told', () => {
  using lab = temporaryStore()
  insertThree(lab.store)
  expect(messageOf(lab.store, 'f0000000003')).toMatchInlineSnapshot(
    `"no plan "f0000000003" in lab.db; did you mean f00000000003?"`,
  )
  expect(messageOf(lab.store, 'f001')).toContain('did you mean f00000000003?')
  expect(messageOf(lab.store, 'lates')).toContain('did you mean latest?')
})

test('a start that several plans have is an error that lists them', () => {
  using lab = temporaryStore()
  insertThree(lab.store)
  expect(messageOf(lab.store, 'ab')).toMatchInlineSnapshot(`
    "2 plans in lab.db start with "ab"; give more of the id:
      abc000000002  quick, 2026-01-03T03:04:05.000Z
      abc000000001  quick, 2026-01-02T03:04:05.000Z"
  `)
})

test('of very many candidates some are shown', () => {
  using lab = temporaryStore()
  for (let i = 10; i < 22; i += 1) insertPlan(lab.store, examplePlan({ id: `aa00000000${i}` }))
  expect(messageOf(lab.store, 'aa').split('\n').at(-1)).toBe('  and 2 more')
})
