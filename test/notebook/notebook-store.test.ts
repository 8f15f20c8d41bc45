import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { NotebookError } from '../../lib/notebook/told.ts'
import { openStore } from '../../lib/notebook/notebook-store.ts'
import { storePlan } from '../cli/stored-plan.ts'
import { temporaryFolder } from '../store/example.ts'

test('a store answers with rows: what the views say, with axes as values', () => {
  using folder = temporaryFolder()
  storePlan(folder.at('lab.db'), 'complete')
  const store = openStore(folder.at('lab.db'))
  const plan = store.plan('latest')
  expect(store.plans()).toEqual([
    expect.objectContaining({
      plan: plan.id,
      experiment: plan.name,
      made: expect.stringMatching(/^\d{4}-.*Z$/),
      open: 0,
    }),
  ])
  for (const [rows, view] of [
    [plan.cells(), 'v_cell'],
    [plan.trials(), 'v_trial'],
    [plan.requests(), 'v_request'],
    [plan.events(), 'v_event'],
  ] as const) {
    expect(rows).toHaveLength(store.sql<{ n: number }>(`SELECT count(*) AS n FROM ${view}`)[0]?.n as number)
    expect(rows[0]?.axes).toEqual(
      JSON.parse(store.sql<{ axes: string }>(`SELECT axes FROM ${view} LIMIT 1`)[0]?.axes as string),
    )
  }
  const [trial] = plan.trials()
  expect(trial).not.toHaveProperty('metrics')
  const own = plan.events(trial?.trial_id)
  expect(new Set(own.map((event) => event.trial_id))).toEqual(new Set([trial?.trial_id]))
  expect(store.cells({ planId: 'other' })).toEqual([])
})

test('columns of one name are told apart', () => {
  using folder = temporaryFolder()
  storePlan(folder.at('lab.db'), 'planned')
  expect(openStore(folder.at('lab.db')).sql('SELECT 1 AS a, 2 AS a')).toEqual([{ a: 1, a_2: 2 }])
})

test("a user's mistake is told in one message, without a stack", () => {
  using folder = temporaryFolder()
  const thrown = (work: () => unknown) => {
    try {
      work()
    } catch (error) {
      expect(error).toBeInstanceOf(NotebookError)
      return inspect(error).replaceAll(folder.path, '')
    }
    return 'nothing'
  }
  expect(thrown(() => openStore(folder.at('none.db')))).toMatchInlineSnapshot(
    `"no store at /none.db: run an experiment first, or name another with --store"`,
  )
  storePlan(folder.at('lab.db'), 'planned')
  const store = openStore(folder.at('lab.db'))
  expect(thrown(() => store.plan('zzz'))).toMatchInlineSnapshot(
    `"no plan "zzz" in /lab.db; \`benchbook list\` shows those it has"`,
  )
  expect(thrown(() => store.sql('DELETE FROM plan'))).toMatchInlineSnapshot(
    `"a query only reads (SELECT, WITH, VALUES, EXPLAIN); got: DELETE FROM plan"`,
  )
})
