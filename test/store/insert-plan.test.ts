import { expect, test } from 'vitest'
import type { Cell } from '../../lib/domain/cell.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { nextPendingLaunch, readLaunches } from '../../lib/store/launches.ts'
import { listPlans } from '../../lib/store/list-plans.ts'
import { readPlan } from '../../lib/store/read-plan.ts'
import { readLaunchTrials } from '../../lib/store/read-trials.ts'
import { examplePlan, temporaryStore } from './example.ts'

test('a plan comes back as it was frozen', () => {
  using lab = temporaryStore()
  insertPlan(lab.store, examplePlan())
  expect(readPlan(lab.store, 'c0ffee000001')).toEqual(examplePlan())
})

test('a plan without cells, or without a question, comes back as well', () => {
  using lab = temporaryStore()
  const { question: _, ...experiment } = examplePlan().experiment
  const empty = examplePlan({ experiment, cells: [], launches: [] })
  insertPlan(lab.store, empty)
  expect(readPlan(lab.store, empty.id)).toEqual(empty)
})

test('a conversation and its lengths come back as well', () => {
  using lab = temporaryStore()
  const [cell, ...others] = examplePlan().cells as [Cell, ...Cell[]]
  const prompts = [
    { id: 'a', text: 'Hello', followUps: ['And?', 'Hello'], maxTokens: 7 },
    { id: 'b', text: 'And?' },
  ]
  const workload = { ...cell.config.workload, kind: 'chat', prompts } as Cell['config']['workload']
  const plan = examplePlan({ cells: [{ ...cell, config: { ...cell.config, workload } }, ...others] })
  insertPlan(lab.store, plan)
  expect(readPlan(lab.store, plan.id)).toEqual(plan)
})

test('every planned launch and trial is there and pending, in order', () => {
  using lab = temporaryStore()
  insertPlan(lab.store, examplePlan())
  expect(readLaunches(lab.store, 'c0ffee000001')).toMatchObject([
    { id: 1, ordinal: 0, block: 0, attempt: 1, status: 'pending', spoolOffset: 0 },
    { id: 2, ordinal: 1, block: 0 },
    { id: 3, ordinal: 2, block: 1 },
    { id: 4, ordinal: 3, block: 1 },
  ])
  expect(nextPendingLaunch(lab.store, 'c0ffee000001')?.id).toBe(1)
  expect(readLaunchTrials(lab.store, 2).map((trial) => trial.cellId)).toEqual(examplePlan().launches[1]?.cellIds)
  expect(listPlans(lab.store)[0]?.trials).toEqual({ pending: 12, running: 0, ok: 0, failed: 0, interrupted: 0 })
})

test("the text of a prompt is in the store once, and in no cell's config", () => {
  using lab = temporaryStore()
  insertPlan(lab.store, examplePlan())
  insertPlan(lab.store, examplePlan({ id: 'c0ffee000002' }))
  const { store } = lab
  expect(store.read(() => store.sql('SELECT text FROM prompt ORDER BY id').pluck().all())).toEqual([
    'Why is the sky blue?',
    '<script>alert("no")</script>',
    'a b c',
  ])
  expect(store.read(() => store.sql(`SELECT count(*) FROM cell WHERE config LIKE '%sky%'`).pluck().get())).toBe(0)
})

test('one experiment with two plans is one experiment', () => {
  using lab = temporaryStore()
  insertPlan(lab.store, examplePlan())
  insertPlan(lab.store, examplePlan({ id: 'c0ffee000002' }))
  insertPlan(
    lab.store,
    examplePlan({ id: 'c0ffee000003', experiment: { ...examplePlan().experiment, title: 'Renamed' } }),
  )
  const { store } = lab
  expect(store.read(() => store.sql('SELECT title FROM experiment ORDER BY id').pluck().all())).toEqual([
    'A quick look',
    'Renamed',
  ])
})

test('a plan that cannot be written whole is not written at all', () => {
  using lab = temporaryStore()
  const [cell] = examplePlan().cells
  if (cell === undefined) throw new Error('no cell')
  expect(() => insertPlan(lab.store, examplePlan({ cells: [cell, cell] }))).toThrow('UNIQUE')
  expect(listPlans(lab.store)).toEqual([])
})

test('a plan of before pairs and margins could be declared has none', () => {
  using lab = temporaryStore()
  const compare = { treatment: ['quantization'], pairs: [], margins: [] }
  const { id } = examplePlan()
  insertPlan(lab.store, examplePlan({ compare }))
  lab.store.sql(`UPDATE plan SET compare = '{"treatment":["quantization"]}'`).run()
  expect(readPlan(lab.store, id).compare).toEqual(compare)
})
