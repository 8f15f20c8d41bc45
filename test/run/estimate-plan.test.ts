import { expect, test } from 'vitest'
import { estimatePlan } from '../../lib/run/estimate-plan.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { storePlan } from '../cli/stored-plan.ts'
import { examplePlan, temporaryFolder } from '../store/example.ts'

test('a plan takes what its cells and launches took in an earlier one, with twice the blocks twice as long', () => {
  using folder = temporaryFolder()
  storePlan(folder.at('lab.db'), 'complete')
  using store = openStore({ file: folder.at('lab.db'), mode: 'read' })
  const plan = examplePlan()
  const once = estimatePlan(plan, store)
  expect(once).toMatchObject({ basis: 'by earlier runs' })
  const twice = estimatePlan({ ...plan, launches: [...plan.launches, ...plan.launches] }, store)
  expect(twice?.ms).toBeCloseTo(2 * (once?.ms ?? 0))
  expect(once?.ms).toBeGreaterThan(0)
})

test('without a store only a load with a duration tells', () => {
  const plan = examplePlan()
  expect(estimatePlan(plan, undefined)).toBeUndefined()
  const cells = plan.cells.map((cell) => ({
    ...cell,
    config: { ...cell.config, load: { kind: 'closed', clients: 1, durationMs: 5000 } as const },
  }))
  const trials = plan.launches.reduce((sum, { cellIds }) => sum + cellIds.length, 0)
  expect(estimatePlan({ ...plan, cells }, undefined)).toMatchObject({
    ms: 5000 * trials,
    basis: 'by the duration of the load',
  })
})
