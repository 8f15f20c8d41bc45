import { expect, test } from 'vitest'
import { metrics, type Metric } from '../../lib/domain/metric.ts'
import { inShownUnit } from '../../lib/report/numbers.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { writeMeasurements } from '../../lib/store/measurements.ts'
import { readPlanData } from '../../lib/store/read-plan-data.ts'
import type { Store } from '../../lib/store/store.ts'
import { temporaryStore } from '../store/example.ts'
import { eventfulFixture } from './eventful-fixture.ts'
import { viewOf } from './view.ts'

/** Puts the fixture's outcome into a store, as runs and derivations would. */
function stored(store: Store): string {
  const data = eventfulFixture({ blocks: 3 })
  insertPlan(store, data.plan)
  const byPlace = new Map(data.trials.map((trial) => [`${trial.block} ${trial.cellId}`, trial]))
  const rows = store
    .sql<{ id: number; cell: string; block: number }>(
      'SELECT t.id, c.cell_id AS cell, l.block FROM trial t JOIN cell c ON c.id = t.cell JOIN launch l ON l.id = t.launch',
    )
    .all()
  for (const { id, cell, block } of rows) {
    const trial = byPlace.get(`${block} ${cell}`)
    if (trial === undefined) throw new Error('the plan has a trial that the fixture lacks')
    const invalid = trial.invalid.length > 0 ? JSON.stringify(trial.invalid) : null
    store
      .sql('UPDATE trial SET status = ?, reason = ?, invalid = ? WHERE id = ?')
      .run(trial.status, trial.reason ?? null, invalid, id)
    writeMeasurements(store, { trialId: id, metrics: trial.metrics, requests: [] })
  }
  return data.plan.id
}

test('every figure of the matrix is the value of v_cell, to the digit shown', () => {
  using lab = temporaryStore()
  const planId = stored(lab.store)
  const view = viewOf(readPlanData(lab.store, planId))
  const cells = lab.store
    .sql<Record<string, number | string | null>>('SELECT * FROM v_cell WHERE plan_id = ?')
    .all(planId)
  const figures = view.matrix.rows.flatMap((row) => row.values).filter((value) => value.raw !== '' && value.valid)
  expect(figures.length).toBeGreaterThan(100)
  for (const { column, href, text } of figures) {
    const metric = Object.keys(metrics).find((name) => column.endsWith(`-${name}`)) as Metric
    const id = view.samples.find((cell) => `#${cell.anchor}` === href)?.id
    const inView = cells.find((cell) => cell['cell_id'] === id)?.[metric]
    const decimals = text.split('.')[1]?.length ?? 0
    expect(inShownUnit(metric, Number(inView)).toFixed(decimals), `${metric} of ${id}`).toBe(
      text.replaceAll('\u202f', ''),
    )
  }
})

test('the same store gives the same view, read again', () => {
  using lab = temporaryStore()
  const planId = stored(lab.store)
  expect(viewOf(readPlanData(lab.store, planId))).toEqual(viewOf(readPlanData(lab.store, planId)))
})
